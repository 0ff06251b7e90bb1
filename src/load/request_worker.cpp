#include "request_worker.hpp"

#include <sys/prctl.h>

#include <algorithm>
#include <utility>

#include "request_loop.hpp"

namespace ub::load {
namespace {

std::optional<Watcher> make_watcher(const RequestPlan& plan,
                                    std::vector<Conversation>& conversations, int wake) {
  if (plan.wait == RequestPlan::Wait::spin) return std::nullopt;
  return std::optional<Watcher>(std::in_place, conversations, wake);
}

}  // namespace

RequestWorker::RequestWorker(const RequestPlan& plan, Job job, RequestControl& control,
                             Shared& shared)
    : job_(std::move(job)),
      control_(control),
      shared_(shared),
      buffer_(MappedMemory::anonymous(kBufferBytes)),
      watcher_(make_watcher(plan, job_.conversations, control.wake.get())),
      lane_(plan, job_.schedule, job_.conversations,
            {{buffer_.data(), buffer_.size()},
             &tally_,
             &shared,
             &control,
             watcher_ ? &*watcher_ : nullptr}) {}

std::future<void> RequestWorker::start() {
  return thread_.start({job_.cpu, "ub-request", [this] { prepare(); }, [this] { run(); }});
}

void RequestWorker::prepare() {
  // The default slack lets timers come 50 us late (PR_SET_TIMERSLACK, prctl(2)).
  ::prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
  // First touched here, so that the pages are there, and near this CPU, before the first byte
  // arrives.
  std::fill_n(buffer_.data(), buffer_.size(), std::byte{0});
}

void RequestWorker::run() {
  control_.phase.wait(RequestControl::Phase::waiting);
  if (control_.phase == RequestControl::Phase::running) lane_.begin();
  if (watcher_) {
    run_blocking(lane_, *watcher_);
  } else {
    run_spinning(lane_);
  }
  shared_.finish_worker();
}

}  // namespace ub::load
