#pragma once

#include <string>
#include <vector>

#include "html_text.hpp"
#include "uringbench/report/format.hpp"

/// The parts of the HTML page of one study. Pure: the same study gives the same bytes.
namespace ub::report::html {

/// What travels in every page; made by CMake (embedded_page.cpp.in).
struct Assets {
  std::string_view d3;  ///< empty in a build without Debian's node-d3
  std::string_view script;
  std::string_view style;
  std::string_view d3_sha256;  ///< in hexadecimal digits
  std::string_view script_sha256;
  std::string_view style_sha256;
};
Assets assets();

/// What a page shows of a study.
struct Shown {
  const analysis::StudyData& study;
  const analysis::Analysis& analysis;
  const Look& look;
};

/// The name of a way in the whole page: the variant, and "batched" where it is measured with one
/// message a call as well; its batch itself where one place has several.
class WayNames {
 public:
  explicit WayNames(const std::vector<analysis::Group>& groups);
  [[nodiscard]] std::string of(const Case& the_case) const;

 private:
  bool batches_differ_ = false;
  bool several_at_a_place_ = false;
};

/// A title of the analysis for the page: "size 4 KiB, 1 client" of "size 4K, 1 client".
std::string place_title(const std::string& title, std::uint64_t size_bytes);

/// The same of a group.
std::string place_of(const analysis::Group& group);

/// The median over the valid repetitions of a row; kNone where none has the figure.
std::string median_text(const analysis::Row& row, analysis::Metric metric);

/// Any row has requests, so rates are requests per second and costs are by the request.
bool has_requests(const analysis::Analysis& analysis);

/// The sentence that the page opens with.
std::string answer_sentence(const analysis::Analysis& analysis);

/// What the script draws: medians, intervals and verdicts, never samples.
Json page_data(const Shown& shown);

/// The page of several studies: its title, and all of it from <body> to </html>.
std::string matrix_title(const analysis::Matrix& matrix);
std::string matrix_body(const analysis::Matrix& matrix, const Look& look);

/// The sections of a page; html.cpp has their order.
std::string answer_section(const Shown& shown);
std::string throughput_section(const Shown& shown);
std::string cpu_section(const Shown& shown);
std::string ratio_section(const Shown& shown);
std::string why_section(const Shown& shown);
std::string latency_section(const Shown& shown);
std::string notification_section(const Shown& shown);
std::string trust_section(const Shown& shown);
std::string data_section(const Shown& shown);
/// In the place of a section of times, where these mean nothing.
std::string untimed_section(std::string_view id, std::string_view name);

}  // namespace ub::report::html
