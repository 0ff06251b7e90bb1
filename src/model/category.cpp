#include "uringbench/model/category.hpp"

#include <algorithm>
#include <array>

#include "uringbench/base/check.hpp"

namespace ub {
namespace {

struct Names {
  Category category;
  std::string_view text;
  std::string_view label;
};

constexpr std::array kNames{
    Names{Category::user, "user", "user code"},
    Names{Category::flatten, "flatten", "flatten copy"},
    Names{Category::copy_in, "copy-in", "user-to-kernel copy"},
    Names{Category::copy_out, "copy-out", "kernel-to-user copy"},
    Names{Category::deferred_copy, "deferred-copy", "deferred zero-copy copy"},
    Names{Category::pinning, "pinning", "page pinning and release"},
    Names{Category::allocation, "allocation", "allocation and skb"},
    Names{Category::tcp_ip, "tcp-ip", "TCP/IP"},
    Names{Category::device, "device", "loopback, device, softirq"},
    Names{Category::wakeup, "wakeup", "socket lock and wake-up"},
    Names{Category::scheduler, "scheduler", "scheduler"},
    Names{Category::syscall, "syscall", "system-call entry and exit"},
    Names{Category::uring_submit, "uring-submit", "io_uring submission"},
    Names{Category::uring_complete, "uring-complete", "io_uring completion"},
    Names{Category::notification, "notification", "notification, error queue"},
    Names{Category::idle, "idle", "idle"},
    Names{Category::unclassified, "unclassified", "unclassified"},
};

constexpr auto kAll = [] {
  std::array<Category, kNames.size()> all{};
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = kNames[i].category;
  return all;
}();

const Names& names_of(Category category) {
  const auto* const found = std::find_if(
      kNames.begin(), kNames.end(), [&](const Names& each) { return each.category == category; });
  check(found != kNames.end(), "every category has its names");
  return *found;
}

}  // namespace

std::span<const Category> all_categories() {
  return kAll;
}
std::string_view to_text(Category category) {
  return names_of(category).text;
}
std::string_view label(Category category) {
  return names_of(category).label;
}

std::optional<Category> category_from_text(std::string_view text) {
  const auto* const found = std::find_if(kNames.begin(), kNames.end(),
                                         [&](const Names& each) { return each.text == text; });
  return found == kNames.end() ? std::nullopt : std::optional(found->category);
}

}  // namespace ub
