// Section 1 of the page: the answer, in one sentence and one table.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "html_parts.hpp"
#include "renders.hpp"
#include "uringbench/analysis/facts.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/model/factor.hpp"
#include "writing.hpp"

namespace ub::report::html {
namespace {

using analysis::Analysis;
using analysis::Leaders;

/// Places in the order of their sizes, and what to call each: by its size alone where that tells
/// all of them apart.
class Places {
 public:
  explicit Places(const std::vector<Leaders>& all) {
    std::set<std::pair<std::uint64_t, std::uint32_t>> told;
    for (const Leaders& each : all) {
      told.emplace(each.example.size_bytes, each.example.batch);
      batches_ = batches_ || each.example.batch != 1;
    }
    by_size_ = told.size() == all.size();
  }

  [[nodiscard]] std::string of(const Leaders& each) const {
    const std::uint64_t size = each.example.size_bytes;
    const std::string name = by_size_ ? size_label(size) : place_title(each.title, size);
    const std::uint32_t batch = each.example.batch;
    return batch == 1 ? name : fmt::format("{} in batches of {}", name, batch);
  }

  /// "at 4 KiB and 16 KiB", "from 4 KiB to 256 KiB", "at 12 of 30 places". `picked` are positions
  /// in `all`, ascending.
  [[nodiscard]] std::string of(const std::vector<Leaders>& all,
                               const std::vector<std::size_t>& picked) const {
    constexpr std::size_t kMostNamed = 3;
    const bool one_run = picked.back() - picked.front() + 1 == picked.size();
    if (picked.size() > 1 && picked.size() == all.size() && !by_size_) {
      return fmt::format("at all {} places", all.size());
    }
    if (by_size_ && !batches_ && one_run && picked.size() > 2) {
      return fmt::format("from {} to {}", of(all[picked.front()]), of(all[picked.back()]));
    }
    if (picked.size() > kMostNamed) {
      return fmt::format("at {} of {} {}", picked.size(), all.size(),
                         by_size_ && !batches_ ? "sizes" : "places");
    }
    std::vector<std::string> names;
    names.reserve(picked.size());
    for (const std::size_t each : picked) names.push_back(of(all[each]));
    return "at " + list_text(names, "and");
  }

 private:
  bool by_size_ = false;
  bool batches_ = false;
};

/// "1.45 to 15.7 times the next", of the first leader's lead.
std::string lead_text(const std::vector<Leaders>& all) {
  double least = 0;
  double most = 0;
  for (const Leaders& each : all) {
    if (!each.over_next) return "";
    const double ratio = each.over_next->value;
    least = least == 0 ? ratio : std::min(least, ratio);
    most = std::max(most, ratio);
  }
  const std::string low = ratio_number(least);
  const std::string high = ratio_number(most);
  if (all.size() == 1) return fmt::format(", {} times {}", low, all.front().next);
  if (low == high) return fmt::format(", {} times the next way", low);
  return fmt::format(", {} to {} times the next way", low, high);
}

/// "uring-bundle at 64 B and 4 KiB; pthread-gather at 64 KiB; not decided at 1 MiB"
std::string winners_text(const std::vector<Leaders>& all) {
  const Places places(all);
  std::vector<std::string> order;
  std::map<std::string, std::vector<std::size_t>> places_of;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string name = all[i].decided() ? all[i].names.front() : "not decided";
    if (places_of[name].empty()) order.push_back(name);
    places_of[name].push_back(i);
  }
  std::stable_partition(order.begin(), order.end(),
                        [](const std::string& name) { return name != "not decided"; });
  constexpr std::size_t kMostNamed = 4;
  std::vector<std::string> texts;
  for (const std::string& name : order) {
    if (texts.size() == kMostNamed) break;
    texts.push_back(fmt::format("{} {}", name, places.of(all, places_of[name])));
  }
  if (order.size() == 1 && texts.size() == 1 && all.front().decided()) {
    texts.front() += lead_text(all);
  }
  if (order.size() > texts.size()) texts.emplace_back("others elsewhere");
  return fmt::format("{}", fmt::join(texts, "; "));
}

bool any_decided(const std::vector<Leaders>& all) {
  return std::any_of(all.begin(), all.end(), [](const Leaders& each) { return each.decided(); });
}

struct Place {
  const Leaders* by_rate = nullptr;
  const Leaders* by_cpu = nullptr;
};

/// Leaders of one group and batch side by side, in the order of the study.
std::vector<Place> places_of(const Analysis& analysis) {
  std::vector<Place> places;
  const auto place_of = [&](const Leaders& each) -> Place& {
    for (Place& place : places) {
      const Leaders& known = place.by_rate != nullptr ? *place.by_rate : *place.by_cpu;
      if (known.title == each.title && known.example.batch == each.example.batch) return place;
    }
    return places.emplace_back();
  };
  for (const Leaders& each : analysis.leaders) place_of(each).by_rate = &each;
  for (const Leaders& each : analysis.load_leaders) place_of(each).by_rate = &each;
  for (const Leaders& each : analysis.cpu_leaders) place_of(each).by_cpu = &each;
  return places;
}

/// The row of a leader.
const analysis::Row* row_of(const Analysis& analysis, const Leaders& each,
                            const std::string& name) {
  for (const analysis::Group& group : analysis.groups) {
    if (group.title != each.title) continue;
    for (const analysis::Row& row : group.rows) {
      if (row.the_case.batch == each.example.batch && variant_name(row.the_case) == name)
        return &row;
    }
  }
  return nullptr;
}

/// Name, figure and lead: three cells.
void add_leader(std::vector<std::string>& cells, const Analysis& analysis, const Leaders* each,
                analysis::Metric metric) {
  if (each == nullptr) {
    cells.insert(cells.end(), {"as many as asked for", kNone, kNone});
    return;
  }
  const bool by_latency = each->by == analysis::Objective::latency_p99;
  constexpr std::size_t kMostNamed = 3;
  std::vector<std::string> names = each->names;
  if (names.size() > kMostNamed) {
    names.resize(kMostNamed);
    names.push_back(fmt::format("{} more", each->names.size() - kMostNamed));
  }
  cells.push_back(list_text(names, "or") + (by_latency ? " (lowest p99)" : ""));
  const analysis::Row* row = row_of(analysis, *each, each->names.front());
  if (row == nullptr) {
    cells.emplace_back(kNone);
  } else if (by_latency) {
    cells.push_back(median_text(*row, analysis::latency_p99_us) + " µs");
  } else {
    cells.push_back(median_text(*row, metric));
  }
  cells.push_back(each->over_next ? fmt::format("{}× {} {}", ratio_number(each->over_next->value),
                                                each->next, interval_text(*each->over_next))
                                  : "not decided");
}

std::string place_table(const Analysis& analysis) {
  const bool requests = has_requests(analysis);
  const analysis::Metric rate = requests ? analysis::message_rate : analysis::throughput_gbps;
  const analysis::Metric cost = requests ? analysis::cpu_ns_per_message : analysis::cpu_ns_per_byte;
  std::vector<std::vector<std::string>> rows;
  for (const Place& place : places_of(analysis)) {
    const Leaders& any = place.by_rate != nullptr ? *place.by_rate : *place.by_cpu;
    std::vector<std::string> cells{place_title(any.title, any.example.size_bytes)};
    if (any.example.batch > 1) cells[0] += fmt::format(", batch {}", any.example.batch);
    add_leader(cells, analysis, place.by_rate, rate);
    add_leader(cells, analysis, place.by_cpu, cost);
    rows.push_back(std::move(cells));
  }
  if (rows.empty()) return "";
  return table("answers",
               {{"at"},
                {"most messages per second"},
                {requests ? "requests/s" : "Gbit/s", Align::right},
                {"ahead of the next"},
                {"least CPU time of both ends"},
                {requests ? "ns/request" : "ns/byte", Align::right},
                {"messages per CPU second"}},
               rows);
}

/// What the kernel did in every case, instead of who was fastest.
std::string facts_table(const Analysis& analysis) {
  std::vector<TableColumn> columns = {{"mode"}, {"at"}, {"status"}, {"copies"}};
  for (const auto& number : analysis::number_facts())
    columns.push_back({number.name, Align::right});
  std::vector<std::vector<std::string>> rows;
  for (const analysis::Group& group : analysis.groups) {
    for (const analysis::Row& row : group.rows) {
      const analysis::CaseFacts facts = analysis::facts_of(row);
      std::vector<std::string> cells = {
          variant_name(row.the_case), group.title,
          facts.reason.empty() ? facts.status : facts.status + ": " + facts.reason,
          analysis::copies_text(facts)};
      for (const auto& number : facts.numbers) {
        cells.push_back(number ? figure_text(number->median) : kNone);
      }
      rows.push_back(std::move(cells));
    }
  }
  return table("facts", columns, rows);
}

}  // namespace

std::string answer_sentence(const Analysis& analysis) {
  const std::vector<Leaders>& rate = analysis.leaders;
  const std::vector<Leaders>& cpu = analysis.cpu_leaders;
  if (!analysis.facts_only.empty()) return "Facts only: times mean nothing on this machine.";
  if (any_decided(rate)) return "Fastest: " + winners_text(rate) + ".";
  if (rate.empty() && any_decided(analysis.load_leaders)) {
    return "Lowest p99 at the offered rate: " + winners_text(analysis.load_leaders) + ".";
  }
  if (rate.empty() && any_decided(cpu)) {
    return "All send as much as was asked for; least CPU time: " + winners_text(cpu) + ".";
  }
  if (rate.empty() && cpu.empty()) {
    return analysis.reps < 2 ? "One repetition: figures, but no claim."
                             : "Nothing in this study could be compared.";
  }
  return fmt::format("Not decided: {} repetitions do not tell the {} apart.", analysis.reps,
                     rate.empty() ? "CPU times of the ways" : "fastest ways");
}

std::string answer_section(const Shown& shown) {
  const Analysis& analysis = shown.analysis;
  std::string out = "<section id=answer>\n<h1>" + escaped(answer_sentence(analysis)) + "</h1>\n";
  out += paragraph_of("warning", shown.look.build_warning);
  std::vector<std::string> facts;
  for (const char* name : {"kernel", "cpu_model", "program"}) {
    const auto fact = shown.study.environment.facts.find(name);
    if (fact != shown.study.environment.facts.end()) facts.push_back(fact->second);
  }
  facts.insert(facts.end(), analysis.shared.begin(), analysis.shared.end());
  facts.push_back(fmt::format("{} repetition{}", analysis.reps, analysis.reps == 1 ? "" : "s"));
  out += paragraph_of("lead", fmt::format("{}", fmt::join(facts, " · ")));
  if (!analysis.facts_only.empty()) {
    out += paragraph_of("warning", facts_only_sentence(analysis.facts_only));
    return out + facts_table(analysis) + "</section>\n";
  }
  out += place_table(analysis);
  out += paragraph_of("finding",
                      fmt::format("{}", fmt::join(finding_sentences(analysis.finding), " ")));
  const std::string next =
      next_text(analysis.leaders.empty() ? analysis.load_leaders : analysis.leaders, analysis.reps);
  if (const auto at = next.find("uringbench "); at != std::string::npos) {
    out += fmt::format("<p class=next>{}<code>{}</code></p>\n", escaped(next.substr(0, at)),
                       escaped(next.substr(at)));
  } else {
    out += paragraph_of("next", next);
  }
  return out + "</section>\n";
}

}  // namespace ub::report::html
