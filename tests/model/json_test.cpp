#include "uringbench/model/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <string>

#include "uringbench/model/factor.hpp"

namespace ub {
namespace {

using testing::HasSubstr;

/// No field has the value of another, nor its default.
Case full_case() {
  Case c;
  c.engine = EngineKind::uring;
  c.path = "send-zc";
  c.family = Family::zero_copy;
  c.size_bytes = 65536;
  c.clients = 64;
  c.batch = 3;
  c.fields = 5;
  c.working_set_bytes = 1U << 20U;
  c.nodelay = Switch::on;
  c.congestion = "cubic";
  c.send_buffer_bytes = 1001;
  c.receive_buffer_bytes = 1002;
  c.client_lowat_bytes = 1003;
  c.verify = Switch::on;
  c.server_cpus = "2-3";
  c.client_cpus = "0-1";
  c.warmup_ns = 1004;
  c.duration_ns = 1005;
  c.purpose = Purpose::harness;
  c.request_size_bytes = 1006;
  c.depth = 7;
  c.rate_per_s = 1500.5;
  c.gaps = Gaps::poisson;
  c.receive = "multishot";
  c.wait = Wait::spin;
  c.client_wait = Wait::spin;
  c.ring = {.setup = RingSetup::sqpoll,
            .registered_files = Switch::on,
            .registered_fd = Switch::off,
            .poll_first = Switch::on,
            .napi_busy_poll_us = 8,
            .min_wait_us = 9,
            .cq_entries = 128};
  c.reactors = 2;
  c.huge_pages = Switch::on;
  c.working_set_asked_bytes = 1'000'000;
  c.notify = {.when = Notify::ring, .buffers = 8};
  return c;
}

SendCounts full_counts() {
  return {.messages = 1,
          .bytes = 2,
          .operations = 3,
          .short_sends = 4,
          .would_block = 5,
          .buffer_waits = 6,
          .system_calls = 7,
          .cq_overflows = 8,
          .errors = {{"EPIPE", 9}}};
}

RoleUsage usage_of(std::uint64_t cpu_ns) {
  return {.cpu_ns = cpu_ns,
          .user_ns = 2,
          .system_ns = 3,
          .counters = {{"cycles", Counted{4.5, 0.5}}, {"llc_misses", Unavailable{"no PMU"}}}};
}

/// p9999 is missing: too few values.
LatencySummary latency_of(std::uint64_t count) {
  return {.count = count,
          .min = 1,
          .p50 = 2,
          .p90 = 3,
          .p99 = 4,
          .p999 = 5,
          .p9999 = std::nullopt,
          .max = 6,
          .mean = 7};
}

ArrivalCounts full_arrivals() {
  return {
      .bytes = 1, .mapped_bytes = 2, .receives = 3, .would_block = 4, .exhausted = 5, .rearmed = 6};
}

/// With every field that files of older programs do not have.
RoleUsage metered_usage() {
  RoleUsage usage = usage_of(100);
  usage.cpus = CpuUsage{.cpus = "1",
                        .times = CpuTimes{.user_ns = 1, .irq_ns = 2, .steal_ns = 3, .idle_ns = 4},
                        .counters = {{"cycles", Unavailable{"no PMU"}}}};
  usage.run_queue = RunQueueTimes{.on_cpu_ns = 5, .waiting_ns = 6, .slices = 7};
  usage.tsc = TscPoint{.tsc = 8, .time_ns = 9, .uncertainty_ns = 10};
  usage.tsc_cycles_estimate =
      TscCyclesEstimate{.value = 11.5, .ticks_per_second = 2e9, .relative_error = 1e-7};
  RoleProfile profile{.scope = ProfileScope::cpus,
                      .event = "cpu-clock",
                      .event_note = "no PMU",
                      .events_on = "cpus",
                      .frequency_hz = 997,
                      .lost = 1,
                      .throttled = 2,
                      .ledger = {}};
  profile.ledger.samples = 3;
  profile.ledger.lines = {{.category = Category::copy_in,
                           .samples = 3,
                           .share = {1, 0.4, 1},
                           .interrupt_share = 0.5,
                           .ns_per_message = Estimate{5, 4, 6},
                           .ns_per_byte = std::nullopt}};
  usage.profile = profile;
  return usage;
}

Sample full_sample() {
  Sample s;
  s.status = Status::invalid;
  s.reason = "books do not balance";
  s.the_case = full_case();
  s.rep = 1;
  s.block = 2;
  s.window_s = 0.25;
  s.messages = 3;
  s.bytes = 4;
  s.goodput_bps = 5.5;
  s.message_rate = 6.5;
  s.latency = latency_of(9);
  s.requests = RequestFigures{.planned = 10,
                              .unanswered = 1,
                              .achieved_per_s = 9.5,
                              .offered_per_s = 10.5,
                              .response = latency_of(9),
                              .service = latency_of(8),
                              .lateness = latency_of(7),
                              .histogram = {{1, 2, 3}, {256, 258, 4}}};
  s.arrivals = full_arrivals();
  s.send_timing = SendTiming{
      .accepted = latency_of(6), .released = latency_of(5), .held = {.peak = 17, .peak_bytes = 18}};
  s.server = usage_of(100);
  s.client = usage_of(200);
  s.zero_copy =
      ZeroCopyCounts{.sends = 10, .real = 1, .copied = 2, .unreported = 7, .notifications = 2};
  s.sends = full_counts();
  s.server_peak_rss_bytes = 11;
  s.marks = {"client-bound"};
  s.put_aside = {"the window of the server was 4.0 times as long as asked"};
  s.granted = {{"ring_task_run", "DEFER_TASKRUN"}};
  s.effective = {{"congestion", "cubic"}};
  s.core_round_trip_ns = Counted{.value = 52.5, .running = 1};
  return s;
}

/// Through the bytes of a file and back.
template <typename Value>
Value round_trip(const Value& value) {
  return Json::parse(Json(value).dump()).get<Value>();
}

TEST(JsonTest, EverythingComesBackAsItWas) {
  EXPECT_EQ(round_trip(full_case()), full_case());
  EXPECT_EQ(round_trip(full_counts()), full_counts());
  EXPECT_EQ(round_trip(usage_of(1)), usage_of(1));
  EXPECT_EQ(round_trip(full_sample()), full_sample());
  Sample older = full_sample();
  older.core_round_trip_ns.reset();
  EXPECT_EQ(round_trip(older), older);
  Snapshot snapshot;
  snapshot.sends = full_counts();
  snapshot.zero_copy = {.sends = 3};
  snapshot.arrivals = full_arrivals();
  snapshot.held = {.peak = 7, .peak_bytes = 10};
  snapshot.time_ns = 1;
  snapshot.usage = usage_of(2);
  snapshot.load = {.responses = 9, .sent_bytes = 8, .received_bytes = 4, .receive_calls = 5};
  snapshot.retransmitted_bytes = 11;
  snapshot.peak_rss_bytes = 6;
  snapshot.failure = "client 3: recv: ECONNRESET";
  EXPECT_EQ(round_trip(snapshot), snapshot);
  Plan plan;
  plan.cases = {{full_case(), ""}, {full_case(), "not here"}};
  plan.reps = 7;
  plan.seed = ~0ULL;
  plan.histogram = Switch::on;
  EXPECT_EQ(round_trip(plan), plan);
  plan.until = StopRule{.half_width = 0.03, .baseline = "epoll-two-copy"};
  EXPECT_EQ(round_trip(plan), plan);
  plan.hosts = {.server = "ssh://lab@one:2222",
                .load = "exec:ip netns exec two",
                .data_address = "198.18.0.1",
                .first_port = 5201,
                .last_port = 5216,
                .remote_program = "/opt/uringbench"};
  EXPECT_EQ(round_trip(plan), plan);
  Environment environment{.facts = {{"kernel", "6.18"}}, .seed = ~0ULL};
  EXPECT_EQ(round_trip(environment), environment);
  environment.ends = Ends{.server = {{"card", "eth0"}}, .load = {{{"card", "eth1"}}}};
  EXPECT_EQ(round_trip(environment), environment);
}

/// Keys of full_case() that schema 1 did not have from the start: older files are read without
/// them.
std::set<std::string> later_factors() {
  std::set<std::string> keys;
  for (const Factor& factor : factors()) {
    const bool recorded = factor.recorded_when_idle || factor.idle_reason(full_case()).empty();
    if (!factor.always_recorded && recorded) keys.insert(factor.keys.begin(), factor.keys.end());
  }
  return keys;
}

TEST(JsonTest, AFileFromBeforeAFactorWasThereHasItsDefault) {
  Json json = full_case();
  for (const std::string& later : later_factors()) EXPECT_EQ(json.erase(later), 1U) << later;
  const Case read = json.get<Case>();
  EXPECT_EQ(read.receive, "");
  EXPECT_EQ(read.wait, Wait::block);
  EXPECT_EQ(read.ring, RingFactors{});
  EXPECT_EQ(read.reactors, 1U);
}

TEST(JsonTest, NothingThatWasNotMeasuredIsZero) {
  Sample sample = full_sample();
  sample.status = Status::valid;
  sample.reason.clear();
  sample.latency.reset();
  sample.zero_copy.reset();
  const Json json = sample;
  EXPECT_TRUE(json.at("reason").is_null());
  EXPECT_TRUE(json.at("latency_ns").is_null());
  EXPECT_TRUE(json.at("zero_copy").is_null());
  EXPECT_EQ(json.at("server").at("counters").at("llc_misses"), Json({{"unavailable", "no PMU"}}));
  EXPECT_EQ(round_trip(sample), sample);
}

TEST(JsonTest, WhatOlderProgramsDidNotMeterComesBackToo) {
  EXPECT_EQ(round_trip(metered_usage()), metered_usage());
}

TEST(JsonTest, WhatCouldNotBeMeteredKeepsItsReason) {
  RoleUsage usage = metered_usage();
  usage.cpus->times = Unavailable{"CPU 9 is offline"};
  usage.run_queue = Unavailable{"no CONFIG_SCHED_INFO"};
  usage.tsc = Unavailable{"no TSC"};
  usage.tsc_cycles_estimate = Unavailable{"no TSC"};
  usage.profile = Unavailable{"perf_event_paranoid is 3"};
  EXPECT_EQ(round_trip(usage), usage);
  EXPECT_EQ(Json(usage).at("profile"), Json({{"unavailable", "perf_event_paranoid is 3"}}));
}

TEST(JsonTest, ACaseIsNamedByItsMode) {
  EXPECT_EQ(Json(full_case()).at("mode"), "uring-send-zc");
}

TEST(JsonTest, FurtherFieldsAreIgnored) {
  Json json = full_sample();
  json["from_the_future"] = 1;
  json["case"]["from_the_future"] = "x";
  EXPECT_EQ(json.get<Sample>(), full_sample());
}

/// Each field of each object, one after the other.
template <typename Value>
void expect_no_field_to_spare(const Value& value, const std::set<std::string>& derived) {
  const Json whole = value;
  for (const auto& [name, field] : whole.items()) {
    if (derived.contains(name)) continue;
    Json without = whole;
    without.erase(name);
    EXPECT_THROW(without.get<Value>(), nlohmann::json::exception) << "without " << name;
    Json changed = whole;
    changed[name] = field.is_array() ? Json(1) : Json::array();
    EXPECT_THROW(changed.get<Value>(), nlohmann::json::exception) << name << " is an array";
  }
}

TEST(JsonStrictnessTest, AMissingFieldAndAFieldOfAnotherTypeAreRefused) {
  std::set<std::string> to_spare = later_factors();
  to_spare.insert("mode");  // for people; made from the engine and the path
  expect_no_field_to_spare(full_case(), to_spare);
  expect_no_field_to_spare(full_counts(), {"completions"});
  expect_no_field_to_spare(ZeroCopyCounts{}, {"notifications", "failed", "cause"});
  expect_no_field_to_spare(usage_of(1), {});
  expect_no_field_to_spare(Snapshot{}, {});
  expect_no_field_to_spare(*full_sample().latency, {"p9999"});
  expect_no_field_to_spare(
      full_sample(), {"requests", "arrivals", "send_timing", "put_aside", "core_round_trip_ns"});
  expect_no_field_to_spare(Environment{}, {});
  expect_no_field_to_spare(Plan{}, {"counters", "profile"});
}

TEST(JsonStrictnessTest, ANumberThatIsNoneOfTheFieldsIsRefused) {
  const Json whole = full_case();
  for (const Json& value : {Json(-1), Json(1.5), Json(true), Json("1"), Json(nullptr),
                            Json(std::uint64_t{1} << 32U), Json(1e300)}) {
    Json json = whole;
    json["clients"] = value;
    EXPECT_THROW(json.get<Case>(), nlohmann::json::exception) << value;
  }
  Json json = whole;
  json["clients"] = std::numeric_limits<std::uint32_t>::max();
  EXPECT_EQ(json.get<Case>().clients, std::numeric_limits<std::uint32_t>::max());
  json["clients"] = 7;  // a signed literal
  EXPECT_EQ(json.get<Case>().clients, 7U);
}

TEST(JsonStrictnessTest, ATextThatNamesNothingIsRefusedByField) {
  for (const char* field :
       {"engine", "family", "workload", "link", "transport", "nodelay", "verify", "purpose"}) {
    Json json = full_case();
    json[field] = "no-such";
    try {
      json.get<Case>();
      FAIL() << field << " was taken";
    } catch (const nlohmann::json::exception& error) {
      EXPECT_THAT(error.what(), HasSubstr(field));
      EXPECT_THAT(error.what(), HasSubstr("'no-such' is not a known name"));
    }
  }
}

TEST(JsonStrictnessTest, ARecordOfAnotherKindOrSchemaIsRefused) {
  Json json = full_sample();
  json["schema"] = 2;
  EXPECT_THROW(json.get<Sample>(), nlohmann::json::exception);
  json = full_sample();
  EXPECT_THROW(json.get<Environment>(), nlohmann::json::exception);
  EXPECT_THROW(Json(Environment{}).get<Sample>(), nlohmann::json::exception);
}

TEST(JsonStrictnessTest, WhatIsNoObjectIsRefused) {
  EXPECT_THROW(Json(1).get<Case>(), nlohmann::json::exception);
  EXPECT_THROW(Json::array().get<Sample>(), nlohmann::json::exception);
  EXPECT_THROW(Json("x").get<Snapshot>(), nlohmann::json::exception);
}

}  // namespace
}  // namespace ub
