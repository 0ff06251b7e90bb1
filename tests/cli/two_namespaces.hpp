#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "program.hpp"

namespace ub::cli {

/// Two network namespaces with a cable between them, as two hosts. They go with it, and the cable
/// with them.
class TwoNamespaces {
 public:
  static constexpr const char* kServerAddress = "198.18.9.1";
  static constexpr const char* kLoadAddress = "198.18.9.2";

  TwoNamespaces() {
    if (::geteuid() != 0) {
      why_not_ = "naming network namespaces (ip-netns(8)) needs root";
      return;
    }
    for (const std::string& name : {server(), load()}) ip({"netns", "add", name});
    ip({"-n", server(), "link", "add", "e0", "type", "veth", "peer", "name", "e0", "netns",
        load()});
    set_up(server(), kServerAddress, "fd00:9::1/64");
    set_up(load(), kLoadAddress, "fd00:9::2/64");
  }
  TwoNamespaces(const TwoNamespaces&) = delete;
  TwoNamespaces& operator=(const TwoNamespaces&) = delete;
  ~TwoNamespaces() {
    why_not_.clear();
    if (::geteuid() != 0) return;
    for (const std::string& name : {server(), load()}) ip({"netns", "del", name});
  }

  /// Empty where there are two.
  [[nodiscard]] const std::string& why_not() const { return why_not_; }

  [[nodiscard]] static std::string server() { return "ub-server-" + std::to_string(::getpid()); }
  [[nodiscard]] static std::string load() { return "ub-load-" + std::to_string(::getpid()); }
  [[nodiscard]] static std::string host_in(const std::string& name) {
    return "exec:ip netns exec " + name;
  }

  void ip(std::vector<std::string> words) {
    if (!why_not_.empty()) return;
    words.insert(words.begin(), "ip");
    const Ended ended = Program(words).wait();
    if (ended.status != 0) why_not_ = "ip(8): " + ended.err;
  }

 private:
  void set_up(const std::string& name, const std::string& address, const std::string& ipv6) {
    ip({"-n", name, "addr", "add", address + "/24", "dev", "e0"});
    ip({"-n", name, "addr", "add", ipv6, "dev", "e0", "nodad"});
    ip({"-n", name, "link", "set", "lo", "up"});
    ip({"-n", name, "link", "set", "e0", "up"});
  }

  std::string why_not_;
};

}  // namespace ub::cli
