#pragma once

#include <string>

namespace ub::protocol {

/// Alike for programs whose runner and roles understand each other: made of the version of the
/// questions and answers, of every factor of a case and of every count of a snapshot.
std::string fingerprint();

}  // namespace ub::protocol
