#include "any_message.hpp"

#include <algorithm>
#include <cstring>

namespace ub::load {
namespace {

std::uint64_t number_of(std::span<const std::byte> head) {
  std::uint64_t number = 0;
  std::memcpy(&number, head.data(), head.size());
  return number;
}

}  // namespace

MessageFinder::MessageFinder(const net::MessageSet& messages) : messages_(&messages) {
  by_head_.reserve(messages.count());
  for (std::uint32_t index = 0; index < messages.count(); ++index) {
    by_head_.try_emplace(number_of({messages.at(index), head_bytes()}), index);
  }
}

std::size_t MessageFinder::head_bytes() const {
  return std::min<std::size_t>(kHeadBytes, messages_->size_bytes());
}

std::optional<std::uint32_t> MessageFinder::find(std::span<const std::byte> head) const {
  const auto found = by_head_.find(number_of(head));
  return found == by_head_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Mismatch> AnyMessageVerifier::take(std::span<const std::byte> bytes) {
  if (!message_) {
    const std::size_t taken = std::min(bytes.size(), finder_->head_bytes() - head_bytes_);
    std::copy_n(bytes.begin(), taken, head_.begin() + static_cast<std::ptrdiff_t>(head_bytes_));
    head_bytes_ += taken;
    bytes = bytes.subspan(taken);
    if (head_bytes_ < finder_->head_bytes()) return std::nullopt;
    const auto head = std::span(head_).first(head_bytes_);
    // What is none of them differs from the first like from any.
    message_.emplace(finder_->messages(), finder_->find(head).value_or(0));
    if (const auto wrong = message_->take(head)) return wrong;
  }
  return message_->take(bytes);
}

}  // namespace ub::load
