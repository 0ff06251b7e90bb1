#include "uringbench/protocol/protocol.hpp"

#include <gtest/gtest.h>

namespace ub::protocol {
namespace {

Case any_case() {
  Case c;
  c.engine = EngineKind::uring;
  c.path = "bundle";
  c.family = Family::one_copy;
  c.size_bytes = 4096;
  c.clients = 3;
  c.batch = 64;
  c.verify = Switch::on;
  c.congestion = "cubic";
  c.purpose = Purpose::harness;
  return c;
}

/// Over the wire: as text, and back.
Json sent(const Json& json) {
  return Json::parse(json.dump());
}

TEST(Protocol, PrepareArrivesAsItWent) {
  Prepare prepare{.the_case = any_case(),
                  .endpoint = {"127.0.0.1", 65535},
                  .last_port = 65535,
                  .token = "0123",
                  .report_usage = true};
  prepare.metering = {.counters = {"cycles"}, .profile = ProfileScope::cpus, .frequency_hz = 499};
  const Json json = sent(prepare);
  EXPECT_EQ(json.at("type"), "prepare");
  const auto arrived = json.get<Prepare>();
  EXPECT_EQ(arrived.the_case, prepare.the_case);
  EXPECT_EQ(arrived.endpoint.address, "127.0.0.1");
  EXPECT_EQ(arrived.endpoint.port, 65535);
  EXPECT_EQ(arrived.last_port, 65535);
  EXPECT_EQ(arrived.token, "0123");
  EXPECT_TRUE(arrived.report_usage);
  EXPECT_EQ(arrived.metering.counters, prepare.metering.counters);
  EXPECT_EQ(arrived.metering.profile, ProfileScope::cpus);
  EXPECT_EQ(arrived.metering.frequency_hz, 499U);
}

TEST(Protocol, FinishedArrivesAsItWent) {
  Finished finished;
  finished.snapshot.time_ns = 1;
  finished.snapshot.sends.errors = {{"EPIPE", 2}};
  finished.snapshot.usage.counters = {{"cycles", Unavailable{"no PMU"}}};
  finished.snapshot.failure = "it broke";
  finished.granted = {{"ring_task_run", "plain"}};
  finished.effective = {{"congestion", "cubic"}};
  const Json json = sent(finished);
  EXPECT_EQ(json.at("type"), "finished");
  const auto arrived = json.get<Finished>();
  EXPECT_EQ(arrived.snapshot, finished.snapshot);
  EXPECT_EQ(arrived.granted, finished.granted);
  EXPECT_EQ(arrived.effective, finished.effective);
}

TEST(Protocol, AProfileArrivesAsItWent) {
  ProfileReport report;
  report.profile.event = "cpu-clock";
  report.profile.frequency_hz = 997;
  report.profile.lost = 3;
  report.tally.categories[Category::copy_in] = {.samples = 7, .weight = 70, .interrupt_weight = 20};
  report.tally.samples = 7;
  report.tally.weight = 70;
  report.tally.squared_weight = 700;
  report.folded = "main;send_[k] 7\n";
  Finished finished;
  finished.profile = report;
  EXPECT_EQ(std::get<ProfileReport>(*sent(finished).get<Finished>().profile), report);
  finished.profile = Unavailable{"perf_event_paranoid is 3"};
  EXPECT_EQ(std::get<Unavailable>(*sent(finished).get<Finished>().profile).reason,
            "perf_event_paranoid is 3");
  finished.profile.reset();
  EXPECT_FALSE(sent(finished).get<Finished>().profile);
}

TEST(Protocol, AMessageWithAFieldMissingIsRefused) {
  for (const char* field : {"case", "endpoint", "report_usage", "metering"}) {
    Json json = Prepare{any_case(), {"127.0.0.1", 1}, false};
    json.erase(field);
    EXPECT_THROW((void)json.get<Prepare>(), Json::exception) << field;
  }
  for (const char* field : {"snapshot", "granted", "effective"}) {
    Json json = Finished{};
    json.erase(field);
    EXPECT_THROW((void)json.get<Finished>(), Json::exception) << field;
  }
}

TEST(Protocol, ANumberThatDoesNotFitIsRefused) {
  for (const Json& port : {Json(1e308), Json(70'000), Json(-1), Json(0.5)}) {
    EXPECT_THROW((void)endpoint_from({{"address", "127.0.0.1"}, {"port", port}}), Json::exception)
        << port;
  }
  for (const Json& id : {Json(1e308), Json(4'294'967'295U), Json(-1)}) {
    EXPECT_THROW((void)process_id_at({{"id", id}}, "id"), Json::exception) << id;
  }
  EXPECT_EQ(process_id_at({{"id", 4711}}, "id"), 4711);
}

TEST(Protocol, AnEndpointOfAnotherTypeIsRefused) {
  EXPECT_THROW((void)endpoint_from(Json{{"address", 1}, {"port", 1}}), Json::exception);
  EXPECT_THROW((void)endpoint_from(Json{{"address", "::1"}, {"port", "1"}}), Json::exception);
}

}  // namespace
}  // namespace ub::protocol
