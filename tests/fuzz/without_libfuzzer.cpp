// Runs a fuzz target without libFuzzer, in every build of the tests: each input of the corpus as it
// is, then changed ones, drawn by a seed, for some seconds. It does not know what an input reaches;
// that is what tests/fuzz/run.sh is for.
//   fuzz_<target> SECONDS CORPUS-DIRECTORY [SEED]
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

// The names and types are libFuzzer's; the targets define the first, and some the others.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" __attribute__((weak)) int LLVMFuzzerInitialize(int* argc, char*** argv);
extern "C" __attribute__((weak)) std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data,
                                                                     std::size_t size,
                                                                     std::size_t max_size,
                                                                     unsigned seed);
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace {

constexpr std::size_t kMostBytes = 65'536;
using Input = std::vector<std::uint8_t>;

std::mt19937& random_numbers() {
  static std::mt19937 numbers;
  return numbers;
}

std::size_t below(std::size_t limit) {
  return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_numbers());
}

/// The input under way, for the handler of a signal: it may do no more than write.
Input* under_way = nullptr;
constexpr const char* kFinding = "finding";

void keep_input(int signal) {
  const int file = ::open(kFinding, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file >= 0 && under_way != nullptr) {
    [[maybe_unused]] const auto written = ::write(file, under_way->data(), under_way->size());
  }
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void run(Input& input) {
  under_way = &input;
  (void)LLVMFuzzerTestOneInput(input.data(), input.size());
}

std::vector<Input> inputs_in(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> names;
  for (const auto& each : std::filesystem::directory_iterator(directory)) names.push_back(each);
  std::sort(names.begin(), names.end());  // the order of a directory is not that of a seed
  std::vector<Input> inputs;
  for (const auto& name : names) {
    std::ifstream file(name, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return inputs;
}

Input changed(const Input& from) {
  Input input = from;
  const std::size_t size = std::min(input.size(), kMostBytes);
  input.resize(kMostBytes);
  const std::size_t left = LLVMFuzzerCustomMutator != nullptr
                               ? LLVMFuzzerCustomMutator(input.data(), size, kMostBytes,
                                                         static_cast<unsigned>(random_numbers()()))
                               : LLVMFuzzerMutate(input.data(), size, kMostBytes);
  input.resize(left);
  return input;
}

}  // namespace

/// Some bytes are overwritten, left out or doubled.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size,
                                        std::size_t max_size) {
  if (size == 0) {
    data[0] = static_cast<std::uint8_t>(below(256));
    return 1;
  }
  const std::size_t at = below(size);
  const std::size_t count = 1 + below(std::min<std::size_t>(size - at, 16));
  switch (below(3)) {
    case 0:
      std::generate_n(data + at, count, [] { return static_cast<std::uint8_t>(below(256)); });
      return size;
    case 1:
      std::copy(data + at + count, data + size, data + at);
      return size - count;
    default:
      if (size + count > max_size) return size;
      std::copy_backward(data + at, data + size, data + size + count);
      return size + count;
  }
}

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: fuzz_<target> SECONDS CORPUS-DIRECTORY [SEED]\n", stderr);
    return 2;
  }
  const auto seconds = std::chrono::seconds(std::strtol(argv[1], nullptr, 10));
  const unsigned seed =
      argc > 3 ? static_cast<unsigned>(std::strtoul(argv[3], nullptr, 10)) : std::random_device()();
  std::printf("seed %u; an input that fails is kept as '%s'\n", seed, kFinding);
  std::fflush(stdout);
  random_numbers().seed(seed);
  for (const int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGBUS}) std::signal(signal, keep_input);
  if (LLVMFuzzerInitialize != nullptr) (void)LLVMFuzzerInitialize(&argc, &argv);
  std::vector<Input> inputs = inputs_in(argv[2]);
  if (inputs.empty()) {
    std::fprintf(stderr, "'%s' has no inputs\n", argv[2]);
    return 1;
  }
  for (Input& input : inputs) run(input);
  const auto end = std::chrono::steady_clock::now() + seconds;
  std::size_t count = inputs.size();
  for (; std::chrono::steady_clock::now() < end; ++count) {
    Input input = changed(inputs[below(inputs.size())]);
    run(input);
  }
  std::printf("%zu inputs\n", count);
  return 0;
}
