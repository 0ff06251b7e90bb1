#include "uringbench/protocol/fingerprint.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string_view>

#include "uringbench/model/counts.hpp"
#include "uringbench/model/factor.hpp"

namespace ub::protocol {
namespace {

/// To be raised with every change of protocol.hpp, of a snapshot's own fields or of their meaning;
/// what the tables below hold is seen without it.
constexpr int kVersion = 1;

/// FNV-1a, by Fowler, Noll and Vo.
class Hash {
 public:
  void add(std::string_view text) {
    for (const char c : text) add_byte(static_cast<unsigned char>(c));
    add_byte(0);  // between two texts
  }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  void add_byte(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001b3; }

  std::uint64_t value_ = 0xcbf29ce484222325;
};

}  // namespace

std::string fingerprint() {
  Hash hash;
  for (const Factor& factor : factors()) {
    hash.add(factor.key);
    hash.add(factor.type);
  }
  for_each_server_group([&](auto counts, auto, std::string_view name, auto) {
    hash.add(name);
    using Member = decltype(counts);
    const auto add_rows = [&]<typename Group>(Group ServerCounts::*) {
      for_each_count<Group>([&](const auto& row) { hash.add(row.key); });
    };
    add_rows(static_cast<Member>(counts));
  });
  for_each_count<LoadCounts>([&](const auto& row) { hash.add(row.key); });
  return fmt::format("uringbench protocol {}-{:016x}", kVersion, hash.value());
}

}  // namespace ub::protocol
