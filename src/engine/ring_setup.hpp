#pragma once

#include <span>

#include "uringbench/engine/engine.hpp"
#include "uringbench/uring/ring.hpp"

/// What a reactor's ring is made from, and what came of it.
namespace ub::engine {

/// What the case asks, in the ring's own terms.
uring::RingOptions ring_options(const Case& the_case);

/// Registers the messages as the buffer of the paths that need it. Throws SetupError, which names
/// the limit of locked memory.
void register_messages(uring::Ring& ring, std::span<std::byte> region);

/// For the sample: what the kernel granted.
Facts granted_by(const uring::Ring& ring);

}  // namespace ub::engine
