#include "service/input.h"

#include <algorithm>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/base64.h"
#include "common/memory_file.h"
#include "common/text.h"
#include "data/formats/csv.h"
#include "data/formats/npy.h"
#include "data/formats/table_reader.h"
#include "pictures/picture_header.h"
#include "pictures/pictures.h"
#include "service/json_body.h"
#include "service/media.h"
#include "service/problem.h"

namespace autoencoder::service {
namespace {

constexpr const char* kBody = "the body";

// What one input of that kind is.
struct Wanted {
  const ServedModel& served;
  const Operation& operation;

  bool is_code() const { return operation.takes == Content::kCodes; }
  bool may_have_holes() const {
    return operation.takes_holes || (served.kind == ExampleKind::kRow && !is_code());
  }
  std::string list() const { return is_code() ? "codes" : "examples"; }
  int64_t size() const { return is_code() ? served.model().latent_dim() : served.shape().size(); }

  std::vector<int64_t> shape(int64_t count) const {
    const auto& [channels, height, width] = served.shape();
    return is_code() ? std::vector<int64_t>{count, size()}
                     : std::vector<int64_t>{count, channels, height, width};
  }

  std::string text() const {
    return is_code() ? fmt::format("codes of {} numbers", size())
                     : fmt::format("examples of {} numbers ({})", size(), served.shape().text());
  }
};

Problem wrong_size(const Wanted& wanted, const std::string& found) {
  return {422, fmt::format("{} takes {}; {}", wanted.served.name, wanted.text(), found)};
}

// N of them, or one whose own lists these are.
torch::Tensor shaped(const Wanted& wanted, const JsonBody& body) {
  const auto total = static_cast<int64_t>(body.numbers.size());
  const bool are_whole = !body.has_bare_numbers && std::ranges::all_of(body.counts, [&](int64_t count) {
    return count == wanted.size();
  });
  if (!are_whole && total != wanted.size()) {
    const auto odd = std::ranges::find_if(body.counts, [&](int64_t count) { return count != wanted.size(); });
    throw wrong_size(wanted, body.has_bare_numbers ? fmt::format("this list has {}", total)
                                                   : fmt::format("number {} (from 0) of this list has {}",
                                                                 odd - body.counts.begin(), *odd));
  }
  const int64_t count = are_whole ? std::ssize(body.counts) : 1;
  return torch::tensor(body.numbers, torch::kFloat32).view(wanted.shape(count));
}

void check_pixels(std::string_view bytes, const InputLimits& limits) {
  const auto size = announced_size(bytes);
  if (!size) {
    throw Problem(422, "this is no picture that can be read; send a whole PNG or JPEG file");
  }
  if (size->pixels() > limits.pixels) {
    throw Problem(
        413, fmt::format("the picture has {:.0f} x {:.0f} pixels, more than the {} that are taken; scale it "
                         "down",
                         size->width, size->height, with_thousands(static_cast<int64_t>(limits.pixels))));
  }
}

torch::Tensor picture(const ServedModel& served, const std::string& bytes, const InputLimits& limits) {
  const ImageShape& shape = served.shape();
  if (!served.has_pictures()) {
    throw Problem(415, fmt::format("{} takes no pictures ({}); send JSON, .npy or CSV", served.name,
                                   pictures_available() ? shape.text() : "this build has no OpenCV"));
  }
  check_pixels(bytes, limits);
  return to_unit_range(read_picture_bytes(
      bytes, kBody,
      {.height = shape.height, .width = shape.width, .channels = shape.channels, .fit = served.fit}));
}

torch::Tensor pictures_in_texts(const ServedModel& served, const std::vector<std::string>& texts,
                                const InputLimits& limits) {
  std::vector<torch::Tensor> pictures;
  for (std::string_view text : texts) {
    if (const size_t comma = text.find(','); text.starts_with("data:") && comma != std::string_view::npos) {
      text.remove_prefix(comma + 1);
    }
    const auto bytes = bytes_of_base64(text);
    if (!bytes) {
      throw Problem(422,
                    fmt::format("number {} (from 0) of this list is a text, and no base64", pictures.size()));
    }
    pictures.push_back(picture(served, *bytes, limits));
  }
  return torch::stack(pictures);
}

torch::Tensor numbers_in_json(const Wanted& wanted, const std::string& text, const InputLimits& limits) {
  const JsonBody body =
      read_json_body(text, wanted.list(), wanted.may_have_holes() ? Null::kHole : Null::kMistake);
  if (!body.texts.empty() && body.numbers.empty() && !wanted.is_code()) {
    return pictures_in_texts(wanted.served, body.texts, limits);
  }
  if (!body.texts.empty()) {
    throw wrong_size(wanted,
                     fmt::format("this list has texts, such as '{}'", body.texts.front().substr(0, 40)));
  }
  return shaped(wanted, body);
}

torch::Tensor as_float(const Wanted& wanted, const torch::Tensor& array) {
  const bool are_bytes = array.scalar_type() == torch::kUInt8 && wanted.served.kind == ExampleKind::kPicture;
  return are_bytes && !wanted.is_code() ? to_unit_range(array) : array.to(torch::kFloat32);
}

torch::Tensor numbers_in_array(const Wanted& wanted, const torch::Tensor& array) {
  const int64_t size = wanted.size();
  const bool is_one = array.numel() == size;
  if (!is_one && (array.dim() == 0 || array.size(0) * size != array.numel())) {
    throw wrong_size(wanted, "this array is " + array_text(array.sizes(), array.scalar_type()));
  }
  const torch::Tensor numbers = as_float(wanted, array);
  return numbers.reshape(wanted.shape(is_one ? 1 : array.size(0)));
}

// What readers of files say of it, without the path that it has for them.
template <typename Read>
auto read_as_file(std::string_view bytes, const Read& read) {
  const MemoryFile file(bytes);
  const std::string path = file.path().string();
  try {
    return read(file.path());
  } catch (const Error& error) {
    std::string told;
    std::string_view rest = error.what();
    for (size_t place = 0; (place = rest.find(path)) != std::string_view::npos;) {
      told.append(rest.substr(0, place)).append(kBody);
      rest.remove_prefix(place + path.size());
    }
    throw Problem(422, told.append(rest));
  }
}

// --- rows of tables ---

Input rows_in_csv(const ServedModel& served, const std::string& text) {
  TableContent table = read_as_file(text, [&](const std::filesystem::path& path) {
    TableReading reading;
    reading.missing = served.missing;
    reading.schema = served.schema;
    return read_table(path, reading);
  });
  return {.values = table.values.view({table.values.size(0), 1, 1, table.values.size(1)}),
          .notes = std::move(table.notes)};
}

std::string cell_of(const Json& value) {
  if (value.is_null()) {
    return "";
  }
  if (value.is_structured()) {
    throw Problem(422,
                  fmt::format("a cell is {}; cells are numbers, texts or null", value.dump().substr(0, 40)));
  }
  return csv_cell(value.is_string() ? value.get<std::string>() : value.dump());
}

std::vector<std::string> cells_by_name(const Json& row, const std::vector<std::string>& names) {
  for (const auto& [name, value] : row.items()) {
    if (std::ranges::find(names, name) == names.end()) {
      throw Problem(422, fmt::format("there is no column '{}'{}", name, did_you_mean(name, names)));
    }
  }
  std::vector<std::string> cells;
  for (const std::string& name : names) {
    cells.push_back(row.contains(name) ? cell_of(row.at(name)) : "");
  }
  return cells;
}

std::vector<std::string> cells_in_order(const Json& row, const std::vector<std::string>& names) {
  if (row.size() != names.size()) {
    throw Problem(422, fmt::format("a row has {} cells; there are {} columns: {}", row.size(), names.size(),
                                   join(names)));
  }
  std::vector<std::string> cells;
  for (const Json& value : row) {
    cells.push_back(cell_of(value));
  }
  return cells;
}

// The rows of a body: a list, an object with one, or a single row.
Json list_of_rows(Json body) {
  if (body.is_object() && body.contains("examples") && body.at("examples").is_array()) {
    if (body.size() > 1) {
      throw Problem(422, "the body has more than \"examples\", which is all that is read");
    }
    return body.at("examples");
  }
  if (body.is_object()) {
    return Json::array({std::move(body)});
  }
  if (!body.is_array()) {
    throw Problem(422, "rows are objects by column, or lists of cells, in a list");
  }
  const bool is_one_row = !body.empty() && !body.front().is_structured();
  return is_one_row ? Json::array({std::move(body)}) : body;
}

Input rows_in_json(const ServedModel& served, const std::string& text) {
  std::vector<std::string> names;
  std::vector<std::string> header;
  for (const TableColumn& column : served.schema->columns) {
    names.push_back(column.name);
    header.push_back(csv_cell(column.name));
  }
  std::string table = join(header, ",") + "\n";
  for (const Json& row : list_of_rows(parse_body(text))) {
    if (!row.is_structured()) {
      throw Problem(422,
                    fmt::format("a row is {}; rows are objects by column, or lists of cells", row.dump()));
    }
    const auto cells = row.is_object() ? cells_by_name(row, names) : cells_in_order(row, names);
    table += join(cells, ",") + "\n";
  }
  return rows_in_csv(served, table);
}

// --- windows of series ---

bool are_steps(const Wanted& wanted) {
  return wanted.served.kind == ExampleKind::kWindow && !wanted.is_code();
}

// T x D -> N x D x 1 x L.
torch::Tensor windows_of(const Wanted& wanted, const torch::Tensor& steps) {
  const auto& [columns, height, length] = wanted.served.shape();
  if (steps.size(1) != columns || steps.size(0) % length != 0) {
    throw wrong_size(
        wanted, fmt::format("a row is a step of {} numbers, and {} of them are a window; these are {} rows "
                            "of {}",
                            columns, length, steps.size(0), steps.size(1)));
  }
  return steps.view({-1, length, columns}).transpose(1, 2).unsqueeze(2).contiguous();
}

torch::Tensor numbers_in_csv(const Wanted& wanted, const std::string& text) {
  const torch::Tensor rows =
      read_as_file(text, [](const std::filesystem::path& path) { return read_csv(path); }).values;
  if (are_steps(wanted)) {
    return windows_of(wanted, rows);
  }
  if (rows.size(1) != wanted.size()) {
    throw wrong_size(wanted, fmt::format("these rows have {}", rows.size(1)));
  }
  return rows.view(wanted.shape(rows.size(0)));
}

SeriesScale scale_of_window(const ServedModel& served, const std::string& series,
                            const torch::Tensor& window) {
  return served.scales->of(
      {.name = series, .steps = window.squeeze(1).t().contiguous(), .are_anomalies = {}});
}

// C x 1 x 1, as a window is divided by it.
torch::Tensor by_column(const torch::Tensor& numbers) { return numbers.view({-1, 1, 1}); }

void standardise(const ServedModel& served, const std::string& series, Input& input) {
  std::vector<torch::Tensor> windows;
  for (const torch::Tensor& window : input.values.unbind()) {
    input.scales.push_back(scale_of_window(served, series, window));
    windows.push_back((window - by_column(input.scales.back().mean)) /
                      by_column(input.scales.back().deviation));
  }
  input.values = torch::stack(windows);
}

// --- what all have to be ---

void check(const Wanted& wanted, const torch::Tensor& values, const InputLimits& limits) {
  if (values.size(0) == 0) {
    throw Problem(422, fmt::format("no {}; send at least one", wanted.list()));
  }
  if (values.size(0) > limits.examples) {
    throw Problem(
        413, fmt::format("{} {} are more than the {} that one call may send; send several calls",
                         with_thousands(values.size(0)), wanted.list(), with_thousands(limits.examples)));
  }
  const torch::Tensor flat = values.flatten(1);
  const torch::Tensor is_usable = wanted.may_have_holes() ? flat.isinf().logical_not() : flat.isfinite();
  const torch::Tensor is_finite = is_usable.all(1);
  if (!is_finite.all().item<bool>()) {
    throw Problem(422, fmt::format("number {} (from 0) of the {} has a number that is not finite",
                                   is_finite.to(torch::kInt64).argmin().item<int64_t>(), wanted.list()));
  }
}

// Codes of a series that is not known are of windows as the model has them.
std::vector<SeriesScale> scales_of_codes(const ServedModel& served, const std::string& series,
                                         int64_t count) {
  const SeriesScale scale = served.scales->of(
      {.name = series, .steps = torch::zeros({2, served.shape().channels}), .are_anomalies = {}});
  return std::vector<SeriesScale>(static_cast<size_t>(count), scale);
}

Input finished(const Wanted& wanted, Input input, const std::string& series, const InputLimits& limits) {
  check(wanted, input.values, limits);
  if (are_steps(wanted)) {
    standardise(wanted.served, series, input);
  } else if (wanted.served.scales) {
    input.scales = scales_of_codes(wanted.served, series, input.size());
  }
  return input;
}

Input read_as(Media media, const Wanted& wanted, const std::string& body, const InputLimits& limits) {
  const bool are_rows = wanted.served.kind == ExampleKind::kRow && !wanted.is_code();
  switch (media) {
    case Media::kNpy:
      return {numbers_in_array(wanted, parse_npy(body, kBody))};
    case Media::kCsv:
      return are_rows ? rows_in_csv(wanted.served, body) : Input{numbers_in_csv(wanted, body)};
    case Media::kPng:
    case Media::kJpeg:
      if (wanted.is_code()) {
        throw Problem(415, "codes are no pictures; send JSON, .npy or CSV");
      }
      return {picture(wanted.served, body, limits).unsqueeze(0)};
    case Media::kJson:
      break;
  }
  return are_rows ? rows_in_json(wanted.served, body) : Input{numbers_in_json(wanted, body, limits)};
}

std::string series_of(const http::Request& request) {
  const auto series = request.query.find("series");
  return series == request.query.end() ? "" : series->second;
}

}  // namespace

torch::Tensor Input::restored(const torch::Tensor& examples) const {
  if (scales.empty()) {
    return examples;
  }
  std::vector<torch::Tensor> windows;
  for (int64_t i = 0; i < examples.size(0); ++i) {
    const SeriesScale& scale = scales[static_cast<size_t>(i)];
    windows.push_back(examples[i] * by_column(scale.deviation) + by_column(scale.mean));
  }
  return torch::stack(windows);
}

Input read_input(const ServedModel& served, const Operation& operation, const http::Request& request,
                 const InputLimits& limits) {
  const Wanted wanted = {served, operation};
  if (request.body.empty()) {
    throw Problem(422, fmt::format("there is no body; {} takes {}", served.name, wanted.text()));
  }
  const Media media = media_of(request.header("Content-Type"), request.body);
  return finished(wanted, read_as(media, wanted, request.body, limits), series_of(request), limits);
}

Input prepared_input(const ServedModel& served, const Operation& operation, const torch::Tensor& values,
                     const std::string& series, const InputLimits& limits) {
  const Wanted wanted = {served, operation};
  return finished(wanted, {numbers_in_array(wanted, values)}, series, limits);
}

}  // namespace autoencoder::service
