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
constexpr Names<Workload, 4> kWorkloads{{{Workload::stream, "stream"},
                                         {Workload::rr, "rr"},
                                         {Workload::upload, "upload"},
                                         {Workload::echo, "echo"}}};
constexpr Names<Link, 4> kLinks{{{Link::loopback, "loopback"},
                                 {Link::veth, "veth"},
                                 {Link::sink, "sink"},
                                 {Link::tcp_sink, "tcp-sink"}}};
constexpr Names<Transport, 4> kTransports{{{Transport::tcp, "tcp"},
                                           {Transport::tcp6, "tcp6"},
                                           {Transport::unix_stream, "unix"},
                                           {Transport::udp, "udp"}}};
constexpr Names<Wait, 2> kWaits{{{Wait::block, "block"}, {Wait::spin, "spin"}}};
constexpr Names<Gaps, 2> kGaps{{{Gaps::fixed, "fixed"}, {Gaps::poisson, "poisson"}}};
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

}  // namespace

std::string_view to_text(EngineKind engine) {
  return name_of(kEngines, engine);
}
std::string_view to_text(Family family) {
  return name_of(kFamilies, family);
}
std::string_view to_text(Workload workload) {
  return name_of(kWorkloads, workload);
}
std::string_view to_text(Link link) {
  return name_of(kLinks, link);
}
std::string_view to_text(Transport transport) {
  return name_of(kTransports, transport);
}
std::string_view to_text(Switch value) {
  return name_of(kSwitches, value);
}
std::string_view to_text(Wait wait) {
  return name_of(kWaits, wait);
}
std::string_view to_text(Gaps gaps) {
  return name_of(kGaps, gaps);
}
std::string_view to_text(RingSetup setup) {
  return name_of(kRingSetups, setup);
}
std::string_view to_text(Notify when) {
  return name_of(kNotifies, when);
}
std::string_view to_text(Purpose purpose) {
  return name_of(kPurposes, purpose);
}
std::string_view to_text(ProfileScope scope) {
  return name_of(kProfileScopes, scope);
}
std::string_view to_text(Status status) {
  return name_of(kStatuses, status);
}

template <>
std::optional<EngineKind> from_text(std::string_view text) {
  return value_of(kEngines, text);
}
template <>
std::optional<Family> from_text(std::string_view text) {
  return value_of(kFamilies, text);
}
template <>
std::optional<Workload> from_text(std::string_view text) {
  return value_of(kWorkloads, text);
}
template <>
std::optional<Link> from_text(std::string_view text) {
  return value_of(kLinks, text);
}
template <>
std::optional<Transport> from_text(std::string_view text) {
  return value_of(kTransports, text);
}
template <>
std::optional<Switch> from_text(std::string_view text) {
  return value_of(kSwitches, text);
}
template <>
std::optional<Wait> from_text(std::string_view text) {
  return value_of(kWaits, text);
}
template <>
std::optional<Gaps> from_text(std::string_view text) {
  return value_of(kGaps, text);
}
template <>
std::optional<RingSetup> from_text(std::string_view text) {
  return value_of(kRingSetups, text);
}
template <>
std::optional<Notify> from_text(std::string_view text) {
  return value_of(kNotifies, text);
}
template <>
std::optional<Purpose> from_text(std::string_view text) {
  return value_of(kPurposes, text);
}
template <>
std::optional<ProfileScope> from_text(std::string_view text) {
  return value_of(kProfileScopes, text);
}
template <>
std::optional<Status> from_text(std::string_view text) {
  return value_of(kStatuses, text);
}

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

namespace {

std::string_view usual_receive(EngineKind engine) {
  return engine == EngineKind::uring ? "multishot" : "recv";
}

void add_ring_features(const RingFactors& ring, std::string& name) {
  if (ring.setup != RingSetup::best) name += fmt::format("+{}", to_text(ring.setup));
  if (ring.registered_files == Switch::on) name += "+files";
  if (ring.registered_fd == Switch::off) name += "+no-ring-fd";
  if (ring.poll_first == Switch::on) name += "+poll-first";
  if (ring.napi_busy_poll_us > 0) name += fmt::format("+napi-{}us", ring.napi_busy_poll_us);
  if (ring.min_wait_us > 0) name += fmt::format("+min-wait-{}us", ring.min_wait_us);
  if (ring.cq_entries > 0) name += fmt::format("+cq-{}", ring.cq_entries);
}

}  // namespace

std::string arm_name(const Case& c) {
  std::string name = mode_name(c);
  if (!c.receive.empty() && c.receive != usual_receive(c.engine)) name += "+" + c.receive;
  if (c.wait == Wait::spin) name += "+spin";
  add_ring_features(c.ring, name);
  if (c.reactors > 1) name += fmt::format("+{}-reactors", c.reactors);
  if (c.huge_pages == Switch::on) name += "+huge-pages";
  if (c.notify != NotifyFactors{}) name += fmt::format("+{}", notify_text(c.notify));
  return name;
}

Case without_arm(Case c) {
  c.engine = EngineKind{};
  c.path.clear();
  c.family = Family{};
  c.batch = 0;
  c.receive.clear();
  c.wait = Wait::block;
  c.ring = {};
  c.reactors = 1;
  c.huge_pages = Switch::off;
  c.notify = {};
  return c;
}

}  // namespace ub
