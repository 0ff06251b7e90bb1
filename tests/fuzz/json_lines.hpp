#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "uringbench/net/channel.hpp"

/// What several targets read: an input of lines, each a JSON text, which people can read and write.
namespace ub::fuzz {

std::vector<std::string_view> lines_of(std::string_view input);

/// Whole lines as messages of the control protocol, their lengths before them.
std::string framed(std::string_view input);

/// A channel from which `bytes` and then the end can be read. What is sent into it stays unread in
/// `peer`, which has to live as long.
struct ChannelWithInput {
  explicit ChannelWithInput(std::string_view bytes);

  UniqueFd peer;
  net::Channel channel;

 private:
  explicit ChannelWithInput(std::pair<UniqueFd, UniqueFd> ends);
};

/// Takes one value anywhere in one line and puts another in its place that a program may stumble
/// over, or takes it out, or its neighbour; other lines stay. Returns the new size, or 0 when the
/// line is no JSON or the result has no room. For LLVMFuzzerCustomMutator: bytes changed at random
/// seldom give JSON again.
std::size_t mutate_json_line(std::uint8_t* data, std::size_t size, std::size_t max_size,
                             unsigned seed);

}  // namespace ub::fuzz
