#include "json_lines.hpp"

#include <sys/socket.h>

#include <array>
#include <cstring>
#include <random>

#include "uringbench/model/json.hpp"

namespace ub::fuzz {
namespace {

using Random = std::minstd_rand;

std::size_t pick(Random& random, std::size_t count) {
  return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
}

Json odd_value(Random& random) {
  static const std::array<Json, 22> kOdd{Json(),
                                         Json(0),
                                         Json(1),
                                         Json(-1),
                                         Json(2),
                                         Json(3),
                                         Json(255),
                                         Json(65536),
                                         Json(4294967295U),
                                         Json(4294967296U),
                                         Json(18446744073709551615U),
                                         Json(INT64_MIN),
                                         Json(1e308),
                                         Json(-0.5),
                                         Json(1e-320),
                                         Json(true),
                                         Json(""),
                                         Json("0"),
                                         Json(std::string(300, 'x')),
                                         Json("\xff\xfe\n\t<&\""),
                                         Json::array(),
                                         Json::object()};
  return kOdd[pick(random, kOdd.size())];
}

void collect(Json& json, std::vector<Json*>& values) {
  values.push_back(&json);
  if (!json.is_structured()) return;
  for (Json& each : json) collect(each, values);
}

void take_one_out(Json& json, Random& random) {
  if (!json.is_structured() || json.empty()) return;
  auto victim = json.begin();
  std::advance(victim, static_cast<std::ptrdiff_t>(pick(random, json.size())));
  json.erase(victim);
}

void change_number(Json& json, Random& random) {
  if (json.is_number_unsigned()) {
    const auto value = json.get<std::uint64_t>();
    const std::array<std::uint64_t, 5> near{value + 1, value - 1, value * 2, value / 2,
                                            value * 1000};
    json = near[pick(random, near.size())];
  } else {
    json = odd_value(random);
  }
}

void mutate(Json& json, Random& random) {
  std::vector<Json*> values;
  collect(json, values);
  Json& one = *values[pick(random, values.size())];
  const Json other = *values[pick(random, values.size())];
  switch (pick(random, 6)) {
    case 0:
      one = other;
      break;
    case 1:
      take_one_out(one, random);
      break;
    case 2:
      if (one.is_array() && !one.empty()) one.push_back(one[pick(random, one.size())]);
      break;
    case 3:
      change_number(one, random);
      break;
    default:
      one = odd_value(random);
  }
}

}  // namespace

std::vector<std::string_view> lines_of(std::string_view input) {
  std::vector<std::string_view> lines;
  while (!input.empty()) {
    const std::size_t end = std::min(input.find('\n'), input.size());
    lines.push_back(input.substr(0, end));
    input.remove_prefix(std::min(end + 1, input.size()));
  }
  return lines;
}

std::string framed(std::string_view input) {
  std::string bytes;
  for (const std::string_view line : lines_of(input)) {
    for (const unsigned shift : {24U, 16U, 8U, 0U}) {
      bytes.push_back(static_cast<char>((line.size() >> shift) & 0xffU));
    }
    bytes += line;
  }
  return bytes;
}

ChannelWithInput::ChannelWithInput(std::string_view bytes) : ChannelWithInput(net::channel_pair()) {
  constexpr int kRoomBytes = 4 << 20;
  ::setsockopt(peer.get(), SOL_SOCKET, SO_SNDBUF, &kRoomBytes, sizeof(kRoomBytes));
  ::setsockopt(channel.fd(), SOL_SOCKET, SO_SNDBUF, &kRoomBytes, sizeof(kRoomBytes));
  (void)::send(peer.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  ::shutdown(peer.get(), SHUT_WR);
}

ChannelWithInput::ChannelWithInput(std::pair<UniqueFd, UniqueFd> ends)
    : peer(std::move(ends.first)), channel(std::move(ends.second)) {}

std::size_t mutate_json_line(std::uint8_t* data, std::size_t size, std::size_t max_size,
                             unsigned seed) {
  Random random(seed);
  const std::string input(reinterpret_cast<const char*>(data), size);
  const std::vector<std::string_view> lines = lines_of(input);
  if (lines.empty()) return 0;
  const std::string_view chosen = lines[pick(random, lines.size())];
  Json json = Json::parse(chosen, nullptr, false);
  if (json.is_discarded()) return 0;
  mutate(json, random);
  const std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string result = input;
  result.replace(static_cast<std::size_t>(chosen.data() - input.data()), chosen.size(), text);
  if (result.size() > max_size) return 0;
  std::memcpy(data, result.data(), result.size());
  return result.size();
}

}  // namespace ub::fuzz
