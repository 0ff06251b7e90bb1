// The format `html`: one page that holds everything it needs and asks nobody for anything.
#include <fmt/format.h>

#include <array>

#include "html_parts.hpp"
#include "renders.hpp"
#include "uringbench/base/build.hpp"

namespace ub::report {
namespace {

unsigned digit_of(char c) {
  return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
}

/// A hash as a Content-Security-Policy names it: its bytes in base64.
std::string base64_of_hex(std::string_view hex) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0;
  unsigned count = 0;
  for (const char c : hex) {
    bits = (bits << 4U) | digit_of(c);
    count += 4;
    if (count < 6) continue;
    count -= 6;
    out += kLetters[(bits >> count) & 63U];
  }
  if (count > 0) out += kLetters[(bits << (6 - count)) & 63U];
  while (out.size() % 4 != 0) out += '=';
  return out;
}

std::string policy(const html::Assets& assets) {
  return fmt::format(
      "default-src 'none'; script-src 'sha256-{}' 'sha256-{}'; style-src 'sha256-{}'; "
      "img-src data:; base-uri 'none'; form-action 'none'",
      base64_of_hex(assets.d3_sha256), base64_of_hex(assets.script_sha256),
      base64_of_hex(assets.style_sha256));
}

std::string head(const html::Assets& assets, const std::string& title) {
  return fmt::format(
      "<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
      "<meta http-equiv=Content-Security-Policy content=\"{}\">\n"
      "<meta name=viewport content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=generator content=\"uringbench {}\">\n"
      "<link rel=icon href=\"data:,\">\n<title>{}</title>\n<style>{}</style>\n</head>\n",
      policy(assets), program_version(), html::escaped(title), assets.style);
}

/// What a section shows where times mean nothing.
enum class Untimed { all, nothing };

struct Section {
  std::string_view id;    ///< of its element
  std::string_view name;  ///< in the line at the top
  std::string (*render)(const html::Shown&);
  Untimed untimed = Untimed::nothing;
};

constexpr std::array kSections{
    Section{"answer", "Answer", html::answer_section, Untimed::all},
    Section{"throughput", "Throughput", html::throughput_section},
    Section{"cpu", "CPU", html::cpu_section},
    Section{"ratios", "Ratios", html::ratio_section},
    Section{"why", "Why", html::why_section},
    Section{"latency", "Latency", html::latency_section},
    Section{"notifications", "Notifications", html::notification_section},
    Section{"trust", "Can I trust it?", html::trust_section, Untimed::all},
    Section{"data", "Data", html::data_section},
};

std::string top() {
  std::string text = "<body>\n<header id=top>\n<nav aria-label=Sections><b>uringbench</b>";
  for (const Section& each : kSections) {
    text += fmt::format("<a href=\"#{}\">{}</a>", each.id, each.name);
  }
  return text + "</nav>\n<div id=controls></div>\n</header>\n<main>\n";
}

std::string bottom(const html::Assets& assets, const Json& data) {
  return fmt::format(
      "</main>\n<footer><details><summary>Licences</summary><pre>{}</pre></details></footer>\n"
      "<div id=tip role=tooltip hidden></div>\n"
      "<script type=\"application/json\" id=numbers>{}</script>\n"
      "<script>{}</script>\n<script>{}</script>\n</body>\n</html>\n",
      html::escaped(licences()), html::script_json(data), assets.d3, assets.script);
}

Page study_html(const analysis::StudyData& study, const analysis::Analysis& analysis,
                const Look& look) {
  const html::Assets assets = html::assets();
  const html::Shown shown{study, analysis, look};
  std::string page = head(assets, html::answer_sentence(analysis));
  page += top();
  const bool timed = analysis.facts_only.empty();
  for (const Section& each : kSections) {
    page += timed || each.untimed == Untimed::all ? each.render(shown)
                                                  : html::untimed_section(each.id, each.name);
  }
  return page + bottom(assets, html::page_data(shown));
}

/// Static: its strip of thresholds is drawn here, so the page needs no script.
Page matrix_html(const analysis::Matrix& matrix, const Look& look) {
  return head(html::assets(), html::matrix_title(matrix)) + html::matrix_body(matrix, look);
}

}  // namespace

Format html_format() {
  const bool built = !html::assets().d3.empty();
  return {.name = "html",
          .help = "one interactive page, for a browser",
          .file = "report.html",
          .unavailable = built ? ""
                               : "D3 was not there when it was built; install Debian's node-d3 "
                                 "(cmake/install_packages.sh build), then configure and build "
                                 "again",
          .study = study_html,
          .matrix = matrix_html};
}

}  // namespace ub::report
