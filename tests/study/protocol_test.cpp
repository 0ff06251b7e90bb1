#include "protocol.hpp"

#include <gtest/gtest.h>

namespace ub::study {
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
  const Prepare prepare{any_case(), {"127.0.0.1", 65535}, true};
  const Json json = sent(prepare);
  EXPECT_EQ(json.at("type"), "prepare");
  const auto arrived = json.get<Prepare>();
  EXPECT_EQ(arrived.the_case, prepare.the_case);
  EXPECT_EQ(arrived.endpoint.address, "127.0.0.1");
  EXPECT_EQ(arrived.endpoint.port, 65535);
  EXPECT_TRUE(arrived.report_usage);
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

TEST(Protocol, AMessageWithAFieldMissingIsRefused) {
  for (const char* field : {"case", "endpoint", "report_usage"}) {
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

TEST(Protocol, AnEndpointOfAnotherTypeIsRefused) {
  EXPECT_THROW((void)endpoint_from(Json{{"address", 1}, {"port", 1}}), Json::exception);
  EXPECT_THROW((void)endpoint_from(Json{{"address", "::1"}, {"port", "1"}}), Json::exception);
}

}  // namespace
}  // namespace ub::study
