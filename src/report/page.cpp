#include "uringbench/report/page.hpp"

#include <fmt/format.h>

#include <ostream>

#include "layout.hpp"
#include "uringbench/base/error.hpp"
#include "writing.hpp"

namespace ub::report {
namespace {

int sgr_code(Style style) {
  switch (style) {
    case Style::plain:
      break;
    case Style::title:
      return 1;  // bold
    case Style::head:
      return 2;  // faint
    case Style::warning:
      return 33;  // yellow
  }
  return 0;
}

/// `lines` (whole lines) in the style, as SGR escape codes (ECMA-48).
std::string styled(std::string lines, Style style, Colour colour) {
  if (colour == Colour::off || style == Style::plain || lines.empty()) return lines;
  lines.pop_back();  // the reset stands before the last line feed, so that no style leaks into a
                     // prompt
  return fmt::format("\x1b[{}m{}\x1b[0m\n", sgr_code(style), lines);
}

}  // namespace

Page::Page(std::string lines) {
  if (!lines.empty()) pieces_.push_back({std::move(lines)});
}

Page::Page(Table table) {
  pieces_.push_back({std::move(table)});
}

Page Page::paragraph(std::string_view text, Indent indent, std::string_view margin) {
  Page page;
  page.pieces_.push_back({Paragraph{std::string(text), indent, std::string(margin)}});
  return page;
}

Page& Page::operator+=(Page more) {
  pieces_.insert(pieces_.end(), std::make_move_iterator(more.pieces_.begin()),
                 std::make_move_iterator(more.pieces_.end()));
  return *this;
}

Page Page::in(Style style) && {
  for (Piece& piece : pieces_) {
    if (piece.style == Style::plain) piece.style = style;
  }
  return std::move(*this);
}

std::string Page::text_of(const Piece& piece, const Look& look) {
  if (const auto* lines = std::get_if<std::string>(&piece.what)) {
    return styled(*lines, piece.style, look.colour);
  }
  if (const auto* table = std::get_if<Table>(&piece.what)) {
    const RenderedTable rendered = render(*table, look.columns);
    return styled(rendered.head, Style::head, look.colour) +
           styled(rendered.body, piece.style, look.colour);
  }
  const auto& paragraph = std::get<Paragraph>(piece.what);
  std::string lines = indented(paragraph.text, paragraph.indent, look.columns);
  lines.replace(0, paragraph.margin.size(), paragraph.margin);
  return styled(std::move(lines), piece.style, look.colour);
}

std::string Page::text(const Look& look) const {
  std::string text;
  for (const Piece& piece : pieces_) text += text_of(piece, look);
  return text;
}

Page paragraph(std::string_view text, Indent indent) {
  return Page::paragraph(text, indent, "");
}

void write(std::ostream& out, std::string_view text) {
  out << text << std::flush;
  if (!out) {
    throw SetupError(
        "cannot write the results: the disk is full or the reader has closed the pipe");
  }
}

void write(std::ostream& out, const Page& page, const Look& look) {
  for (const Page::Piece& piece : page.pieces_) out << Page::text_of(piece, look);
  write(out, "");
}

}  // namespace ub::report
