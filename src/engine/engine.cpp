#include "uringbench/engine/engine.hpp"

#include "epoll_engine.hpp"
#include "pthread_engine.hpp"
#include "reactors.hpp"
#include "uring_engine.hpp"
#include "uringbench/base/check.hpp"

namespace ub::engine {

namespace {

std::unique_ptr<Engine> make_one(EngineSetup setup) {
  switch (setup.the_case.engine) {
    case EngineKind::pthread:
      return std::make_unique<PthreadEngine>(std::move(setup));
    case EngineKind::epoll:
      return std::make_unique<EpollEngine>(std::move(setup));
    case EngineKind::uring:
      return std::make_unique<UringEngine>(std::move(setup));
  }
  fail_check("every engine kind has an engine");
}

EngineSetup same_with_listener(const EngineSetup& setup, UniqueFd listener) {
  return {.the_case = setup.the_case,
          .path = setup.path,
          .receive = setup.receive,
          .listener = std::move(listener),
          .report_usage = setup.report_usage,
          .watcher = setup.watcher,
          .arrivals = setup.arrivals};
}

}  // namespace

std::unique_ptr<Engine> make_engine(EngineSetup setup) {
  if (setup.more_listeners.empty()) return make_one(std::move(setup));
  std::vector<std::unique_ptr<Engine>> reactors;
  for (UniqueFd& listener : setup.more_listeners) {
    reactors.push_back(make_one(same_with_listener(setup, std::move(listener))));
  }
  setup.more_listeners.clear();
  reactors.push_back(make_one(std::move(setup)));
  return std::make_unique<Reactors>(std::move(reactors));
}

}  // namespace ub::engine
