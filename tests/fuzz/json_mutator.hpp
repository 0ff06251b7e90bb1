#pragma once

// For targets that read lines of JSON: three inputs in four are changed as JSON, the rest as bytes.
#include "json_lines.hpp"

// The names and types are libFuzzer's.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

extern "C" inline __attribute__((used)) std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data,
                                                                            std::size_t size,
                                                                            std::size_t max_size,
                                                                            unsigned seed) {
  const std::size_t changed =
      seed % 4 == 0 ? 0 : ub::fuzz::mutate_json_line(data, size, max_size, seed / 4);
  return changed > 0 ? changed : LLVMFuzzerMutate(data, size, max_size);
}
