#include "uringbench/engine/engine.hpp"

#include "epoll_engine.hpp"
#include "pthread_engine.hpp"
#include "uring_engine.hpp"
#include "uringbench/base/check.hpp"

namespace ub::engine {

std::unique_ptr<Engine> make_engine(EngineSetup setup) {
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

}  // namespace ub::engine
