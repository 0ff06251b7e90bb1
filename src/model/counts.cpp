#include "uringbench/model/counts.hpp"

#include <algorithm>

#include "uringbench/base/error.hpp"

namespace ub {
namespace {

void merge(Number& total, Number count, Adds adds) {
  total = adds == Adds::max ? std::max(total, count) : total + count;
}

void merge(ErrorCounts& total, const ErrorCounts& counts, Adds /*adds*/) {
  for (const auto& [name, count] : counts) total[name] += count;
}

void merge(Text& total, const Text& text, Adds /*adds*/) {
  if (total.empty()) total = text;
}

Number difference(Number before, Number after) {
  return after - before;
}

ErrorCounts difference(const ErrorCounts& before, ErrorCounts after) {
  for (const auto& [name, count] : before) after[name] -= count;
  std::erase_if(after, [](const auto& error) { return error.second == 0; });
  return after;
}

template <typename Counts>
Counts& add(Counts& total, const Counts& counts) {
  for_each_count<Counts>(
      [&](const auto& row) { merge(total.*row.member, counts.*row.member, row.adds); });
  return total;
}

template <typename Counts>
Counts of_sample(const Counts& before, const Counts& after, const Counts& total) {
  Counts counts;
  for_each_count<Counts>([&](const auto& row) {
    const auto member = row.member;
    if constexpr (std::is_same_v<decltype(counts.*member), Text&>) {
      counts.*member = total.*member;
    } else {
      counts.*member =
          row.span == Span::window ? difference(before.*member, after.*member) : total.*member;
    }
  });
  return counts;
}

/// From the last row to the first.
template <typename Counts, std::size_t... index>
Counts read_backwards(const Tally<Counts>& tally, std::index_sequence<index...> /*rows*/) {
  Counts counts;
  const auto read_one = [&](const auto& row) {
    using TallyCell = std::remove_cvref_t<decltype(tally.*row.cell)>;
    if constexpr (!std::is_same_v<TallyCell, NoCell>) {
      counts.*row.member = (tally.*row.cell).get();
    }
  };
  (read_one(std::get<sizeof...(index) - 1 - index>(kCountRows<Counts>)), ...);
  return counts;
}

template <typename Counts>
Counts read_group(const Tally<Counts>& tally) {
  constexpr auto kRows = std::tuple_size_v<std::remove_const_t<decltype(kCountRows<Counts>)>>;
  return read_backwards<Counts>(tally, std::make_index_sequence<kRows>());
}

}  // namespace

ErrorCounts ErrorTally::get() const {
  ErrorCounts counts;
  for (std::size_t error = 0; error < counters_.size(); ++error) {
    const Number count = counters_[error].get();
    if (count > 0) counts[errno_name(static_cast<int>(error))] = count;
  }
  return counts;
}

#define UB_SERVER_COUNTS(group, ...)                     \
  group& operator+=(group& total, const group& counts) { \
    return add(total, counts);                           \
  }
#define UB_LOAD_COUNTS UB_SERVER_COUNTS
#define UB_COUNT(...)
#define UB_END_COUNTS(...)
#include "uringbench/model/counts.def"

ServerCounts& operator+=(ServerCounts& total, const ServerCounts& counts) {
  for_each_server_group([&](auto group, auto... /*rest*/) { total.*group += counts.*group; });
  return total;
}

ServerCounts counts_of_sample(const ServerCounts& before, const ServerCounts& after,
                              const ServerCounts& total) {
  ServerCounts counts;
  for_each_server_group([&](auto group, auto... /*rest*/) {
    counts.*group = of_sample(before.*group, after.*group, total.*group);
  });
  return counts;
}

ServerCounts read(const Tally<ServerCounts>& tally) {
  ServerCounts counts;
  for_each_server_group([&](auto group, auto its_tally, auto... /*rest*/) {
    counts.*group = read_group(tally.*its_tally);
  });
  ZeroCopyCounts& zero_copy = counts.zero_copy;
  zero_copy.unreported = zero_copy.sends - zero_copy.real - zero_copy.copied;
  return counts;
}

LoadCounts read(const Tally<LoadCounts>& tally) {
  return read_group(tally);
}

}  // namespace ub
