#pragma once

#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "uringbench/base/error.hpp"
#include "uringbench/base/permissions.hpp"

namespace ub {

/// A thread that is joined when its handle goes. Where the system gives none, throws SetupError
/// with "starting <whose>" and the limit that was reached.
template <typename Body>
std::jthread start_thread(std::string_view whose, Body body) {
  try {
    return std::jthread(std::move(body));
  } catch (const std::system_error& error) {
    throw_setup_error(std::string("starting ").append(whose), error.code().value(),
                      explain_task_limit());
  }
}

}  // namespace ub
