// The load generator of links whose devices drop what is sent: no client connects, so the link's
// meter counts what the devices were given, in this process, which has no part in the sending.
#include "generator.hpp"
#include "uringbench/link/descriptor.hpp"

namespace ub::load {
namespace {

class Metered final : public Generator {
 public:
  explicit Metered(std::unique_ptr<link::Meter> meter) : meter_(std::move(meter)) {
    meter_->start();
  }

  [[nodiscard]] Threads threads() const override { return Threads::none; }
  [[nodiscard]] const char* thread_name() const override { return ""; }
  std::unique_ptr<Worker> make_worker(Job /*job*/) override { return nullptr; }
  void add_to(Counts& counts) const override {
    link::MeterCounts metered = meter_->read();
    counts.received_bytes += metered.payload_bytes;
    counts.failure = std::move(metered.failure);
  }
  void finish() override { meter_->stop(); }
  void describe(Facts& facts, std::span<const Placement> /*placements*/) const override {
    facts.merge(meter_->effective());
  }

 private:
  std::unique_ptr<link::Meter> meter_;
};

}  // namespace

std::unique_ptr<Generator> make_metered(std::unique_ptr<link::Meter> meter) {
  return std::make_unique<Metered>(std::move(meter));
}

}  // namespace ub::load
