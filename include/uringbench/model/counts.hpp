#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include "uringbench/base/counter.hpp"

/// What is counted, one row of counts.def for each. From a row derive the member of its struct, the
/// counter of a thread's tally, the sum over threads and reactors, the difference over the window,
/// JSON (json.hpp) and the column of CSV. Adding a count is a row and the place where it is
/// counted.
namespace ub {

using Number = std::uint64_t;
using ErrorCounts = std::map<std::string, Number>;  ///< by errno name: "EPIPE"; none is 0
using Text = std::string;

enum class Writer {
  engine,   ///< a thread of the server, in its tally
  load,     ///< a thread of the load generator, in its tally
  derived,  ///< from other counts, when they are read; in no tally
};

/// How counts of threads, reactors or samples become one. `first`: of texts, the first not empty.
enum class Adds { sum, max, first };

/// What a sample's count spans: the difference over the measured window, or the whole run (what
/// comes later than what it belongs to, and maxima, which have no difference).
enum class Span { window, run };

/// Whether older files of samples have a count. `lack_it`: then it is 0. `zero_is_unknown`: also,
/// and 0 is not a number then, where the first of its group is not 0.
enum class OlderFiles { have_it, lack_it, zero_is_unknown };

/// A row without its member.
struct CountText {
  std::string_view name;    ///< of the member
  const char* key;          ///< in JSON
  std::string_view column;  ///< in CSV; empty: none
  std::string_view unit;
  Writer writer;
  Adds adds;
  Span span;
  OlderFiles older_files;
  std::string_view meaning;
};

/// What one thread counts of errors, by errno.
class ErrorTally {
 public:
  /// Writer only.
  void add(int error) {
    const auto index = static_cast<std::size_t>(error);
    counters_[index < counters_.size() ? index : 0].add();
  }
  [[nodiscard]] ErrorCounts get() const;

 private:
  std::array<Counter, 134> counters_;  ///< EHWPOISON (133) is the largest of Linux
};

/// The place in a tally of a count that no thread writes.
using NoCell = std::monostate;

template <typename Value, Writer writer>
using Cell =
    std::conditional_t<writer == Writer::derived, NoCell,
                       std::conditional_t<std::is_same_v<Value, ErrorCounts>, ErrorTally, Counter>>;

/// What one thread counts of a group: Tally<SendCounts> has a counter by the name of each member.
template <typename Counts>
struct Tally;

// The structs: SendCounts, ZeroCopyCounts, ArrivalCounts, HeldCounts, LoadCounts. All plain data.
#define UB_SERVER_COUNTS(group, ...) struct group {
#define UB_LOAD_COUNTS(group, ...) struct group {
#define UB_COUNT(type, member, ...) type member = {};
#define UB_END_COUNTS(group)                                    \
  friend bool operator==(const group&, const group&) = default; \
  }                                                             \
  ;
#include "uringbench/model/counts.def"

#define UB_SERVER_COUNTS(group, ...) \
  template <>                        \
  struct alignas(kTallyAlignment) Tally<group> {
#define UB_LOAD_COUNTS UB_SERVER_COUNTS
#define UB_COUNT(type, member, key, column, unit, writer, ...) \
  Cell<type, Writer::writer> member = {};
#define UB_END_COUNTS(group) \
  }                          \
  ;
#include "uringbench/model/counts.def"

/// All that an engine counts.
struct ServerCounts {
#define UB_SERVER_COUNTS(group, member, ...) group member;
#define UB_LOAD_COUNTS(...)
#define UB_COUNT(...)
#define UB_END_COUNTS(...)
#include "uringbench/model/counts.def"

  friend bool operator==(const ServerCounts&, const ServerCounts&) = default;
};

template <>
struct Tally<ServerCounts> {
#define UB_SERVER_COUNTS(group, member, ...) Tally<group> member;
#define UB_LOAD_COUNTS(...)
#define UB_COUNT(...)
#define UB_END_COUNTS(...)
#include "uringbench/model/counts.def"
};

/// A row with its members: `counts.*row.member`, `tally.*row.cell`.
template <typename Counts, typename Value, typename TallyCell>
struct CountRow : CountText {
  Value Counts::*member;
  TallyCell Tally<Counts>::*cell;
};

/// The rows of one group as a tuple of CountRow.
template <typename Counts>
inline constexpr std::tuple<> kCountRows{};

#define UB_SERVER_COUNTS(group, ...) \
  template <>                        \
  inline constexpr auto kCountRows<group> = [] { \
    using Group = group;                     \
    return std::tuple {
#define UB_LOAD_COUNTS UB_SERVER_COUNTS
#define UB_COUNT(type, member, key, column, unit, writer, adds, span, older, meaning)         \
  CountRow<Group, type, Cell<type, Writer::writer>>{                                          \
      {#member, key, column, unit, Writer::writer, Adds::adds, Span::span, OlderFiles::older, \
       meaning},                                                                              \
      &Group::member,                                                                         \
      &Tally<Group>::member},
#define UB_END_COUNTS(group) \
  }                          \
  ;                          \
  }                          \
  ();
#include "uringbench/model/counts.def"

template <typename Counts>
concept CountGroup = std::tuple_size_v<std::remove_const_t<decltype(kCountRows<Counts>)>> >
0;

/// Calls `visit` with each row of a group, in order.
template <CountGroup Counts, typename Visit>
void for_each_count(Visit visit) {
  std::apply([&](const auto&... row) { (visit(row), ...); }, kCountRows<Counts>);
}

/// Calls `visit(pointer to the group in ServerCounts, pointer to it in its tally, name, why a
/// sample may lack it)` for each group that an engine counts.
template <typename Visit>
void for_each_server_group(Visit visit) {
#define UB_SERVER_COUNTS(group, member, why_absent) \
  visit(&ServerCounts::member, &Tally<ServerCounts>::member, #member, why_absent);
#define UB_LOAD_COUNTS(...)
#define UB_COUNT(...)
#define UB_END_COUNTS(...)
#include "uringbench/model/counts.def"
}

/// Adds `counts` to `total` as their rows say.
#define UB_SERVER_COUNTS(group, ...) group& operator+=(group& total, const group& counts);
#define UB_LOAD_COUNTS UB_SERVER_COUNTS
#define UB_COUNT(...)
#define UB_END_COUNTS(...)
#include "uringbench/model/counts.def"
ServerCounts& operator+=(ServerCounts& total, const ServerCounts& counts);

/// The counts of a sample: of `before` and `after` its window, or of `total` at the end, as their
/// rows say.
ServerCounts counts_of_sample(const ServerCounts& before, const ServerCounts& after,
                              const ServerCounts& total);

/// What a tally has come to; the writer may go on. No part exceeds its whole: zero-copy sends that
/// have not been reported are unreported, whether they never will be or not yet.
ServerCounts read(const Tally<ServerCounts>& tally);
LoadCounts read(const Tally<LoadCounts>& tally);

}  // namespace ub
