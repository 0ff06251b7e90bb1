// Names of the model's enumerations: one table each, used in both directions.
#include <fmt/format.h>

#include <array>
#include <utility>

#include "uringbench/base/check.hpp"
#include "uringbench/model/case.hpp"
#include "uringbench/model/sample.hpp"

namespace ub {
namespace {

template <typename Enum, std::size_t count>
using Names = std::array<std::pair<Enum, std::string_view>, count>;

constexpr Names<EngineKind, 3> kEngines{
    {{EngineKind::pthread, "pthread"}, {EngineKind::epoll, "epoll"}, {EngineKind::uring, "uring"}}};
constexpr Names<Family, 4> kFamilies{{{Family::two_copy, "two-copy"},
                                      {Family::one_copy, "one-copy"},
                                      {Family::zero_copy, "zero-copy"},
                                      {Family::none, "none"}}};
constexpr std::array kWorkloadNames{
#define UB_WORKLOAD(enumerator, ...) \
  std::pair{Workload::enumerator, facts_of(Workload::enumerator).name},
#include "uringbench/model/workloads.def"
};
constexpr Names<Transport, 4> kTransports{{{Transport::tcp, "tcp"},
                                           {Transport::tcp6, "tcp6"},
                                           {Transport::unix_stream, "unix"},
                                           {Transport::udp, "udp"}}};
constexpr Names<Wait, 2> kWaits{{{Wait::block, "block"}, {Wait::spin, "spin"}}};
constexpr Names<Gaps, 2> kGaps{{{Gaps::fixed, "fixed"}, {Gaps::poisson, "poisson"}}};
constexpr Names<Accept, 2> kAccepts{{{Accept::single, "single"}, {Accept::multi, "multi"}}};
constexpr Names<RingSetup, 5> kRingSetups{{{RingSetup::best, "best"},
                                           {RingSetup::plain, "plain"},
                                           {RingSetup::coop, "coop"},
                                           {RingSetup::defer, "defer"},
                                           {RingSetup::sqpoll, "sqpoll"}}};
constexpr Names<Notify, 3> kNotifies{
    {{Notify::ring, "ring"}, {Notify::each, "each"}, {Notify::lazy, "lazy"}}};
constexpr Names<Switch, 2> kSwitches{{{Switch::off, "off"}, {Switch::on, "on"}}};
constexpr Names<Purpose, 5> kPurposes{{{Purpose::comparison, "comparison"},
                                       {Purpose::harness, "harness"},
                                       {Purpose::noise, "noise"},
                                       {Purpose::sentinel, "sentinel"},
                                       {Purpose::profile, "profile"}}};
constexpr Names<ProfileScope, 3> kProfileScopes{
    {{ProfileScope::off, "off"}, {ProfileScope::role, "role"}, {ProfileScope::cpus, "cpus"}}};
constexpr Names<Status, 4> kStatuses{{{Status::valid, "valid"},
                                      {Status::invalid, "invalid"},
                                      {Status::failed, "failed"},
                                      {Status::unavailable, "unavailable"}}};

template <typename Enum, std::size_t count>
std::string_view name_of(const Names<Enum, count>& names, Enum value) {
  for (const auto& [each, text] : names) {
    if (each == value) return text;
  }
  fail_check("every enumerator has a name");
}

template <typename Enum, std::size_t count>
std::optional<Enum> value_of(const Names<Enum, count>& names, std::string_view text) {
  for (const auto& [value, name] : names) {
    if (name == text) return value;
  }
  return std::nullopt;
}

template <typename Enum, std::size_t count>
std::vector<std::string> texts_of(const Names<Enum, count>& names) {
  std::vector<std::string> texts;
  for (const auto& [value, name] : names) texts.emplace_back(name);
  return texts;
}

}  // namespace

// The three functions of an enumeration whose names stand in `names`.
// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): a template cannot be overloaded by its table
#define UB_NAMED(Enum, names)                            \
  std::string_view to_text(Enum value) {                 \
    return name_of(names, value);                        \
  }                                                      \
  template <>                                            \
  std::optional<Enum> from_text(std::string_view text) { \
    return value_of(names, text);                        \
  }                                                      \
  template <>                                            \
  std::vector<std::string> names_of<Enum>() {            \
    return texts_of(names);                              \
  }

UB_NAMED(EngineKind, kEngines)
UB_NAMED(Family, kFamilies)
UB_NAMED(Workload, kWorkloadNames)
UB_NAMED(Transport, kTransports)
UB_NAMED(Switch, kSwitches)
UB_NAMED(Wait, kWaits)
UB_NAMED(Gaps, kGaps)
UB_NAMED(Accept, kAccepts)
UB_NAMED(RingSetup, kRingSetups)
UB_NAMED(Notify, kNotifies)
UB_NAMED(Purpose, kPurposes)
UB_NAMED(ProfileScope, kProfileScopes)
UB_NAMED(Status, kStatuses)

std::string notify_text(const NotifyFactors& notify) {
  if (notify.buffers == 0) return std::string(to_text(notify.when));
  return fmt::format("{}:{}", to_text(notify.when), notify.buffers);
}

std::string mode_name(EngineKind engine, std::string_view path) {
  return fmt::format("{}-{}", to_text(engine), path);
}

std::string mode_name(const Case& the_case) {
  return mode_name(the_case.engine, the_case.path);
}

}  // namespace ub
