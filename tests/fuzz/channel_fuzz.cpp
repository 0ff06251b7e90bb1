// One channel, and whatever bytes a peer may send into it.
#include <limits>

#include "json_lines.hpp"
#include "uringbench/base/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using ub::net::ChannelEnd;
  ub::fuzz::ChannelWithInput input({reinterpret_cast<const char*>(data), size});
  constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();
  for (;;) {
    const auto received = input.channel.receive(kNever);
    if (const auto* end = std::get_if<ChannelEnd>(&received)) {
      ub::check(end->kind == ChannelEnd::Kind::closed || end->kind == ChannelEnd::Kind::malformed,
                "a channel ends because its peer is gone or sent what is forbidden");
      return 0;
    }
    // What was taken in can be passed on.
    ub::check(!input.channel.send(std::get<ub::Json>(received)), "a message that came can be sent");
  }
}
