// The runner against a hostile agent: garbage before the magic line, hello, description, beats. A
// line `@magic` stands for the magic line, `@hello` for the hello of this program; every other line
// is a message, or, before `@magic`, what a login script printed.
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include "agent_link.hpp"
#include "json_mutator.hpp"
#include "session.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/protocol/protocol.hpp"

namespace {

std::string agents_words(std::string_view input) {
  using namespace ub;
  std::string words;
  bool speaks = false;
  for (const std::string_view line : fuzz::lines_of(input)) {
    if (line == "@magic") {
      speaks = true;
      words += fmt::format("\n{}\n", protocol::kMagicLine);
    } else if (line == "@hello") {
      words += fuzz::framed(Json(protocol::own_hello()).dump());
    } else {
      words += speaks ? fuzz::framed(line) : fmt::format("{}\n", line);
    }
  }
  return words;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ub;
  const std::string words = agents_words({reinterpret_cast<const char*>(data), size});
  const UniqueFd file(::memfd_create("agent", MFD_CLOEXEC));
  if (::write(file.get(), words.data(), words.size()) < 0) return 0;
  run::AgentLink link("fuzz", {"/bin/cat", fmt::format("/proc/{}/fd/{}", ::getpid(), file.get())});
  try {
    link.connect();
    (void)link.ask(protocol::message("describe"), "description").get<protocol::Description>();
    (void)link.ask(protocol::message("card"), "card").at("facts").get<Facts>();
    (void)protocol::process_id_at(link.ask(protocol::numbered("start", 1), "started"), "id");
  } catch (const SetupError&) {
  } catch (const Json::exception&) {
  }
  return 0;
}
