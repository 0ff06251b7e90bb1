#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace ub::engine {

/// The connections of one engine by their numbers. Numbers of those that are gone are given out
/// again, so that a server whose connections come and go needs no more memory, and no larger file
/// table, than for the most that it has at once. One thread.
template <typename Connection>
class ConnectionTable {
 public:
  /// Below that number of connections nothing is allocated here.
  void reserve(std::size_t connections) {
    places_.reserve(connections);
    free_.reserve(connections);
  }

  /// Of the connection that is added next.
  [[nodiscard]] std::uint32_t next_number() const {
    return free_.empty() ? static_cast<std::uint32_t>(places_.size()) : free_.back();
  }

  /// Its number is next_number().
  Connection& add(std::unique_ptr<Connection> connection) {
    if (free_.empty()) return *places_.emplace_back(std::move(connection));
    std::unique_ptr<Connection>& place = places_[free_.back()];
    free_.pop_back();
    place = std::move(connection);
    return *place;
  }

  /// The connection `number`, which is in the table no longer.
  std::unique_ptr<Connection> take(std::uint32_t number) {
    free_.push_back(number);
    return std::move(places_[number]);
  }

  Connection& operator[](std::size_t number) { return *places_[number]; }

  [[nodiscard]] std::size_t size() const { return places_.size() - free_.size(); }

  template <typename Visit>
  void for_each(Visit visit) const {
    for (const std::unique_ptr<Connection>& connection : places_) {
      if (connection) visit(*connection);
    }
  }

  void clear() {
    places_.clear();
    free_.clear();
  }

 private:
  std::vector<std::unique_ptr<Connection>> places_;
  std::vector<std::uint32_t> free_;
};

}  // namespace ub::engine
