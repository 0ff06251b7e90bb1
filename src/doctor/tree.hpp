#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ub::doctor {

/// The files of /proc and /sys, below some root.
class Tree {
 public:
  explicit Tree(std::filesystem::path root) : root_(std::move(root)) {}

  /// First line of a file without its line feed; nullopt when there is none to read.
  [[nodiscard]] std::optional<std::string> line(const std::string& path) const;
  /// Every line; empty when it cannot be read.
  [[nodiscard]] std::vector<std::string> lines(const std::string& path) const;
  /// The first line as a number.
  [[nodiscard]] std::optional<long long> number(const std::string& path) const;
  /// Names in a directory, sorted; empty when there is none.
  [[nodiscard]] std::vector<std::string> names_in(const std::string& path) const;
  [[nodiscard]] bool exists(const std::string& path) const;
  /// As a prefix of absolute paths: empty for "/".
  [[nodiscard]] std::string root() const { return root_ == "/" ? "" : root_.string(); }

 private:
  [[nodiscard]] std::filesystem::path at(const std::string& path) const;

  std::filesystem::path root_;
};

}  // namespace ub::doctor
