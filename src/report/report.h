// A report: one HTML file that shows what it is told, with charts to point at, and asks the network for
// nothing. Which things there are to tell of a run, tasks/ knows; how they look, report.html, .css and
// .js.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "common/json.h"

namespace autoencoder::report {

// Texts may hold anything: nothing in them is taken for HTML. Numbers that are not finite leave a gap.

struct Paragraph {
  std::string text;
};

enum class Shown { kOpen, kFolded };

/// The first cell of a row says what the row is.
struct Table {
  std::string caption;
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
  Shown shown = Shown::kOpen;
};

/// Text as it was printed, folded under its caption.
struct Printout {
  std::string caption;
  std::string text;
};

/// A line for a shell, to be copied.
struct CommandLine {
  std::string purpose;
  std::string words;
};

enum class Series { kShown, kHidden };  ///< until its legend is pressed

struct Curve {
  std::string name;
  std::vector<double> x;
  std::vector<double> y;  ///< as many as x
  Series series = Series::kShown;
};

/// Lines over a common axis. The y axis is logarithmic where the values ask for it.
struct Curves {
  std::string caption;
  std::string x_label;
  std::string y_label;
  std::vector<Curve> curves;
};

/// A bar for each name; the numbers themselves are for a table beside it.
struct Bars {
  std::string caption;
  std::string name_label;
  std::string value_label;
  std::vector<std::string> names;
  std::vector<double> values;
};

/// A picture by itself.
struct Picture {
  std::string caption;
  std::string png;  ///< the file's bytes
  int64_t width = 0;
  int64_t height = 0;
};

/// Pictures that belong to one example: original and reconstruction.
struct Tile {
  std::string name;     ///< of the example: for those who hear the page, and under the pointer
  std::string caption;  ///< below the pictures: short
  std::vector<Picture> pictures;
};

struct Gallery {
  std::string caption;
  std::vector<Tile> tiles;
};

/// Pictures of equal size in one file, row by row: the i-th belongs to the i-th dot.
struct Sheet {
  std::string caption;
  std::string png;
  int64_t tile_width = 0;
  int64_t tile_height = 0;
  int64_t columns = 0;
};

/// A point that tells of itself under the pointer.
struct Dot {
  double x = 0;
  double y = 0;
  size_t group = 0;
  std::string note;
};

enum class Axes { kEqual, kFree };  ///< the same units along both, or each its own

/// Dots in the plane; each group has a colour and a place in the legend.
struct Map {
  std::string caption;
  std::string x_label;
  std::string y_label;
  std::vector<std::string> groups;
  std::vector<Dot> dots;
  std::vector<Sheet> sheets;  ///< shown with a dot; none where there are no pictures
  Axes axes = Axes::kEqual;
};

/// A number of a code that can be moved.
struct Slider {
  int64_t index = 0;
  double low = 0;
  double high = 0;
};

/// A decoder of pictures, in the page (player.js).
struct Player {
  std::string caption;
  Json graph;  ///< its operators
  std::vector<Slider> sliders;
  std::vector<double> code;    ///< to begin with
  std::vector<int64_t> shape;  ///< C, H, W of a picture
};

using Block =
    std::variant<Paragraph, Table, Printout, CommandLine, Curves, Bars, Picture, Gallery, Map, Player>;

struct Section {
  std::string title;
  std::vector<Block> blocks;
};

/// A number that stands out at the top.
struct KeyMetric {
  std::string name;
  std::string value;
  std::string note;  ///< small, below; may be empty
};

struct Report {
  std::string title;
  std::string subtitle;
  std::vector<KeyMetric> key_metrics;
  std::vector<Section> sections;
};

/// The whole page.
std::string to_html(const Report& report);

/// Writes it whole or not at all. Throws Error where the file cannot be written.
void write_report(const std::filesystem::path& path, const Report& report);

}  // namespace autoencoder::report
