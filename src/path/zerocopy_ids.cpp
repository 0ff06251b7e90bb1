#include "zerocopy_ids.hpp"

namespace ub::path {

namespace {
constexpr std::size_t kFirstSlots = 256;
}  // namespace

ZerocopyIds::ZerocopyIds(std::uint32_t first) : slots_(kFirstSlots), oldest_(first), next_(first) {}

void ZerocopyIds::issued(std::uint32_t operation) {
  if (next_ - oldest_ == slots_.size()) grow();
  slot(next_) = {operation, false};
  ++next_;
}

bool ZerocopyIds::is_issued(std::uint32_t id) const {
  return id - oldest_ < next_ - oldest_;  // unsigned distances: right across the wrap
}

bool ZerocopyIds::are_outstanding(std::uint32_t lo, std::uint32_t hi) const {
  if (!is_issued(lo) || !is_issued(hi) || hi - oldest_ < lo - oldest_) return false;
  for (std::uint32_t id = lo; id != hi + 1; ++id) {
    if (slot(id).done) return false;
  }
  return true;
}

bool ZerocopyIds::completed(std::uint32_t lo, std::uint32_t hi, CopyReport copy,
                            Releases& releases) {
  if (!are_outstanding(lo, hi)) return false;
  for (std::uint32_t id = lo; id != hi + 1; ++id) {
    slot(id).done = true;
    releases.push_back({slot(id).operation, copy});
  }
  while (oldest_ != next_ && slot(oldest_).done) ++oldest_;
  return true;
}

void ZerocopyIds::grow() {
  std::vector<Slot> larger(slots_.size() * 2);
  for (std::uint32_t id = oldest_; id != next_; ++id) {
    larger[id & (larger.size() - 1)] = slot(id);
  }
  slots_ = std::move(larger);
}

}  // namespace ub::path
