#include "strict_json.hpp"

#include <fmt/format.h>

#include <set>
#include <vector>

namespace ub::net {
namespace {

using Event = Json::parse_event_t;

/// Sees each event of the parser. After the first fault it has everything discarded, so that what
/// is refused costs no memory.
class LimitsOnParsing {
 public:
  explicit LimitsOnParsing(const JsonLimits& limits) : limits_(limits) {}

  bool operator()(int depth, Event event, const Json& parsed) {
    if (!fault_.empty()) return false;
    if (event == Event::object_start || event == Event::array_start) enter(depth);
    if (event == Event::key) see_key(parsed.get<std::string>());
    if (event == Event::object_end || event == Event::array_end) keys_.pop_back();
    if (++values_ > limits_.values) fault_ = fmt::format("more than {} values", limits_.values);
    return fault_.empty();
  }

  [[nodiscard]] const std::string& fault() const { return fault_; }

 private:
  void enter(int depth) {
    keys_.emplace_back();
    if (depth >= limits_.depth) fault_ = fmt::format("nested deeper than {}", limits_.depth);
  }

  void see_key(const std::string& key) {
    if (!keys_.back().insert(key).second) fault_ = fmt::format("the key '{}' stands twice", key);
  }

  JsonLimits limits_;
  std::vector<std::set<std::string>> keys_;
  std::size_t values_ = 0;
  std::string fault_;
};

}  // namespace

std::variant<Json, std::string> parse_strictly(std::string_view text, const JsonLimits& limits) {
  LimitsOnParsing limited(limits);
  try {
    Json json = Json::parse(text, std::ref(limited));
    if (limited.fault().empty()) return json;
  } catch (const Json::exception& error) {
    if (limited.fault().empty()) return std::string(error.what());
  }
  return limited.fault();
}

}  // namespace ub::net
