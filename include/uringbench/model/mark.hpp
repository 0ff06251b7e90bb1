#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace ub {

/// What becomes of a sample that carries the mark.
enum class MarkUse {
  keep,        ///< it is true of the case, or nothing can be done about it
  take_again,  ///< the machine did it: another take of the same case may be clean
};

/// What a sample is marked with: true of it, and says how to read it. The rows are marks.def.
enum class Mark {
#define UB_MARK(id, name, use, meaning) id,
#include "uringbench/model/marks.def"
};

struct MarkFacts {
  std::string_view name;  ///< as in tables and files: "client-bound"
  MarkUse use = MarkUse::keep;
  std::string_view meaning;  ///< a sentence without its full stop
};

inline constexpr auto kMarks = std::to_array<MarkFacts>({
#define UB_MARK(id, name, use, meaning) {name, MarkUse::use, meaning},
#include "uringbench/model/marks.def"
});

constexpr const MarkFacts& facts_of(Mark mark) {
  return kMarks[static_cast<std::size_t>(mark)];
}

constexpr std::string_view to_text(Mark mark) {
  return facts_of(mark).name;
}

}  // namespace ub
