#include "load_generator.hpp"

#include "uringbench/load/receiver.hpp"
#include "uringbench/load/requester.hpp"
#include "uringbench/load/uploader.hpp"
#include "uringbench/model/latency.hpp"

namespace ub::role {
namespace {

/// stream: receives.
class StreamLoad final : public LoadGenerator {
 public:
  explicit StreamLoad(const protocol::Prepare& prepare)
      : receiver_(prepare.the_case, prepare.endpoint) {
    receiver_.start();
  }

  void fill(Snapshot& snapshot) const override {
    const load::GeneratorCounts counts = receiver_.counts();
    snapshot.load = counts;
    snapshot.failure = counts.failure;
  }
  bool finish(std::uint64_t deadline_ns) override {
    if (receiver_.wait_until_closed(deadline_ns) == load::Ending::all_closed) return true;
    receiver_.abort();
    return false;
  }
  [[nodiscard]] Facts effective() const override { return receiver_.effective(); }

 private:
  load::Receiver receiver_;
};

/// upload: sends.
class UploadLoad final : public LoadGenerator {
 public:
  explicit UploadLoad(const protocol::Prepare& prepare)
      : uploader_(prepare.the_case, prepare.endpoint) {
    uploader_.start();
  }

  void go() override { uploader_.go(); }
  void fill(Snapshot& snapshot) const override {
    const load::GeneratorCounts counts = uploader_.counts();
    snapshot.load = counts;
    snapshot.failure = counts.failure;
  }
  bool finish(std::uint64_t deadline_ns) override {
    if (uploader_.finish(deadline_ns) == load::Ending::all_closed) return true;
    uploader_.abort();
    return false;
  }
  [[nodiscard]] Facts effective() const override { return uploader_.effective(); }

 private:
  load::Uploader uploader_;
};

load::RequestPlan plan_of(const protocol::Prepare& prepare) {
  using Plan = load::RequestPlan;
  const Case& c = prepare.the_case;
  return {.request_size_bytes = c.request_size_bytes,
          .response_size_bytes = c.size_bytes,
          .depth = c.depth,
          .rate_per_s = c.rate_per_s,
          .gaps = c.gaps == Gaps::fixed ? Plan::Gaps::fixed : Plan::Gaps::poisson,
          .wait = c.client_wait == Wait::block ? Plan::Wait::block : Plan::Wait::spin,
          .seed = prepare.seed};
}

/// rr, echo: asks.
class RequestLoad final : public LoadGenerator {
 public:
  explicit RequestLoad(const protocol::Prepare& prepare)
      : histogram_(prepare.histogram),
        requester_(prepare.the_case, plan_of(prepare), prepare.endpoint) {
    requester_.start();
  }

  void go() override { requester_.go(); }
  void mark(protocol::WindowEdge edge) override {
    using Mark = load::Requester::Mark;
    requester_.mark_window(edge == protocol::WindowEdge::begin ? Mark::begin : Mark::end);
    closed_ = edge == protocol::WindowEdge::end;
  }
  void fill(Snapshot& snapshot) const override {
    const load::GeneratorCounts counts = requester_.counts();
    snapshot.load = counts;
    snapshot.failure = counts.failure;
  }
  bool finish(std::uint64_t deadline_ns) override {
    if (requester_.finish(deadline_ns) == load::Ending::all_closed) return true;
    requester_.abort();
    return false;
  }
  [[nodiscard]] std::optional<RequestFigures> requests() const override;
  [[nodiscard]] Facts effective() const override { return requester_.effective(); }

 private:
  Switch histogram_;
  bool closed_ = false;  ///< the window
  load::Requester requester_;
};

std::optional<RequestFigures> RequestLoad::requests() const {
  if (!closed_) return std::nullopt;
  const load::LatencyReport report = requester_.latency();
  RequestFigures figures;
  figures.planned = report.planned;
  figures.unanswered = report.unanswered();
  figures.achieved_per_s = report.achieved_per_s;
  figures.offered_per_s = report.offered_per_s;
  figures.response = summary_of(report.response);
  figures.service = summary_of(report.service);
  if (report.offered_per_s) figures.lateness = summary_of(report.lateness);
  if (histogram_ == Switch::on) figures.histogram = bins_of(report.response);
  figures.overloaded = report.overloaded;
  return figures;
}

/// stream over a link that drops: nothing arrives anywhere, so what was sent is counted.
class MeteredLoad final : public LoadGenerator {
 public:
  explicit MeteredLoad(std::unique_ptr<link::Meter> meter) : meter_(std::move(meter)) {
    meter_->start();
  }

  void fill(Snapshot& snapshot) const override {
    link::MeterCounts counts = meter_->read();
    snapshot.load.received_bytes = counts.payload_bytes;
    snapshot.failure = std::move(counts.failure);
  }
  bool finish(std::uint64_t /*deadline_ns*/) override {
    meter_->stop();
    return true;
  }
  [[nodiscard]] Facts effective() const override { return meter_->effective(); }

 private:
  std::unique_ptr<link::Meter> meter_;
};

}  // namespace

std::unique_ptr<LoadGenerator> make_load_generator(const protocol::Prepare& prepare) {
  const Workload workload = prepare.the_case.workload;
  if (has_requests(workload)) return std::make_unique<RequestLoad>(prepare);
  if (workload == Workload::upload) return std::make_unique<UploadLoad>(prepare);
  return std::make_unique<StreamLoad>(prepare);
}

std::unique_ptr<LoadGenerator> make_metered_load(std::unique_ptr<link::Meter> meter) {
  return std::make_unique<MeteredLoad>(std::move(meter));
}

}  // namespace ub::role
