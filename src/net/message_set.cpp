#include "uringbench/net/message_set.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "uringbench/base/check.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/units.hpp"

namespace ub::net {
namespace {

/// The finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): a bijection, so words never
/// repeat.
std::uint64_t mix(std::uint64_t value) {
  value ^= value >> 30U;
  value *= 0xbf58476d1ce4e5b9U;
  value ^= value >> 27U;
  value *= 0x94d049bb133111ebU;
  return value ^ (value >> 31U);
}

UniqueFd make_file(std::uint64_t size_bytes) {
  UniqueFd file(::memfd_create("uringbench-messages", MFD_CLOEXEC));
  if (!file) throw_setup_error("creating a memfd for the messages", errno);
  if (::ftruncate(file.get(), static_cast<off_t>(size_bytes)) != 0) {
    throw_setup_error(fmt::format("growing the memfd to {}", format_size(size_bytes)), errno,
                      "choose a smaller --working-set");
  }
  return file;
}

}  // namespace

void fill_message(std::span<std::byte> out, std::uint32_t index) {
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  for (std::size_t offset = 0; offset < out.size(); offset += kWord) {
    const std::uint64_t word = mix((std::uint64_t{index} << 32U) + offset / kWord + 1);
    std::memcpy(out.data() + offset, &word, std::min(kWord, out.size() - offset));
  }
}

std::uint32_t effective_count(const MessageSet::Shape& shape) {
  const std::uint64_t wanted = (shape.working_set_bytes + shape.size_bytes - 1) / shape.size_bytes;
  const std::uint64_t fewest = std::uint64_t{kFewestOperations} * shape.batch;
  const std::uint64_t kept = std::clamp<std::uint64_t>(wanted, fewest, kMostMessages);
  return static_cast<std::uint32_t>((kept + shape.batch - 1) / shape.batch * shape.batch);
}

MessageSet::Shape shape_of(const Case& the_case) {
  return {the_case.size_bytes, the_case.working_set_bytes, the_case.fields, the_case.batch};
}

Pages pages_of(const Case& the_case) {
  return the_case.huge_pages == Switch::on ? Pages::huge : Pages::normal;
}

MessageSet::MessageSet(const Shape& shape, Layout layout, Pages pages)
    : shape_(shape), layout_(layout), count_(effective_count(shape)) {
  if (layout == Layout::fields) {
    build_fields();
  } else {
    build_contiguous(pages);
  }
}

void MessageSet::build_fields() {
  std::vector<std::byte> message(shape_.size_bytes);
  fields_.reserve(std::size_t{count_} * shape_.fields);
  for (std::uint32_t index = 0; index < count_; ++index) {
    fill_message(message, index);
    std::uint64_t begin = 0;
    for (std::uint32_t field = 0; field < shape_.fields; ++field) {
      // Bounds at field * size / fields: lengths that differ by one at most and add up exactly.
      const std::uint64_t end = (field + 1) * shape_.size_bytes / shape_.fields;
      std::byte* place = nullptr;
      if (end > begin) {
        heap_.push_back(std::make_unique_for_overwrite<std::byte[]>(end - begin));
        place = heap_.back().get();
        std::memcpy(place, message.data() + begin, end - begin);
      }
      fields_.push_back({place, end - begin});
      begin = end;
    }
  }
}

void MessageSet::build_contiguous(Pages pages) {
  if (layout_ == Layout::file) {
    file_ = make_file(bytes());
    memory_ = MappedMemory::of_file(file_.get(), bytes());
  } else {
    memory_ = pages == Pages::huge ? MappedMemory::huge(bytes()) : MappedMemory::anonymous(bytes());
  }
  for (std::uint32_t index = 0; index < count_; ++index) {
    fill_message({at(index), shape_.size_bytes}, index);
  }
}

std::span<const iovec> MessageSet::fields_of(std::uint32_t first, std::uint32_t count) const {
  check(layout_ == Layout::fields && first + count <= count_, "fields exist and the range fits");
  return {fields_.data() + std::size_t{first} * shape_.fields, std::size_t{count} * shape_.fields};
}

}  // namespace ub::net
