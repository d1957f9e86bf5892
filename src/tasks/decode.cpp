#include "tasks/decode.h"

#include <functional>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/files.h"
#include "common/text.h"
#include "data/formats/csv_rewriter.h"
#include "data/formats/npy.h"
#include "data/formats/row_writer.h"
#include "data/table_schema.h"
#include "evaluation/examples_at_once.h"
#include "pictures/encode.h"
#include "tasks/run_pictures.h"

namespace autoencoder {
namespace {

constexpr int64_t kMostInAGrid = 2500;

using VisitDecoded = std::function<void(const torch::Tensor& examples, int64_t first)>;

torch::Tensor read_codes_of(const Autoencoder& model, const std::string& path) {
  torch::Tensor codes = read_rows(path);
  if (codes.size(1) != model.latent_dim()) {
    throw Error(fmt::format("{}: rows of {} numbers, but the model's codes have {}; give codes of this model",
                            path, codes.size(1), model.latent_dim()));
  }
  return codes;
}

// Codes (N x D) on their way through a model's decoder, to a file or a folder.
class DecodedCodes {
 public:
  DecodedCodes(Autoencoder& model, torch::Tensor codes, Progress& progress)
      : model_(model), codes_(std::move(codes)), progress_(progress) {}

  void write_array(const std::filesystem::path& path) {
    const auto& [channels, height, width] = model_.input_shape();
    NpyWriter writer(path, {codes_.size(0), channels, height, width}, torch::kFloat32);
    for_each_batch([&](const torch::Tensor& examples, int64_t) { writer.append(examples); });
    writer.commit();
  }

  void write_rows(const std::filesystem::path& path) {
    const RowFormat format = {.rows = codes_.size(0),
                              .columns = numbered_columns("feature", model_.input_shape().size()),
                              .has_labels = false,
                              .label_names = {}};
    const auto writer = make_row_writer(path, format);
    for_each_batch([&](const torch::Tensor& examples, int64_t) { writer->append(examples.flatten(1), {}); });
    writer->commit();
  }

  // As the table that the model learned from has them.
  void write_cells(const std::filesystem::path& path, const TableSchema& schema) {
    std::vector<torch::Tensor> rows;
    for_each_batch([&](const torch::Tensor& examples, int64_t) { rows.push_back(examples.flatten(1)); });
    write_file(path, rows_as_csv(schema, torch::cat(rows)), Durability::kCanBeMadeAgain);
  }

  void write_folder(const std::filesystem::path& path) {
    for_each_batch([&](const torch::Tensor& images, int64_t first) { write_pictures(path, images, first); });
  }

  void write_one_grid(const std::filesystem::path& path, const std::string& run) {
    if (codes_.size(0) > kMostInAGrid) {
      throw Error(fmt::format("{}: {} pictures are too many for one grid ({}); give a folder or a .npy",
                              path.string(), with_thousands(codes_.size(0)), with_thousands(kMostInAGrid)));
    }
    write_samples(path, decoded(model_, codes_), fmt::format("{}, {} codes", run, codes_.size(0)));
  }

 private:
  void for_each_batch(const VisitDecoded& visit) {
    progress_.begin("decoding", codes_.size(0));
    const int64_t at_once = examples_at_once(model_.input_shape());
    for (int64_t first = 0; first < codes_.size(0); first += at_once) {
      const torch::Tensor some = codes_.slice(0, first, first + at_once);
      visit(decoded(model_, some), first);
      progress_.advance(some.size(0));
    }
  }

  Autoencoder& model_;
  torch::Tensor codes_;
  Progress& progress_;
};

void write_decoded_vectors(const std::filesystem::path& out, DecodedCodes codes, const Json& schema) {
  const std::string ending = out.extension().string();
  if (ending != ".npy" && ending != ".csv") {
    throw Error(fmt::format("{}: vectors go into a .npy or a .csv", out.string()));
  }
  if (ending == ".csv" && !schema.is_null()) {
    codes.write_cells(out, schema_from_json(schema));
  } else {
    codes.write_rows(out);
  }
}

void write_decoded_pictures(const std::filesystem::path& out, DecodedCodes codes, const std::string& run) {
  const std::string ending = out.extension().string();
  if (ending == ".npy") {
    codes.write_array(out);
  } else if (ending == ".csv") {
    throw Error(fmt::format("{}: pictures go into a folder, a .png or a .npy", out.string()));
  } else if (ending == ".png") {
    codes.write_one_grid(out, run);
  } else {
    codes.write_folder(out);
  }
}

}  // namespace

void DecodeRequest::visit(OptionVisitor& visitor) {
  visitor.group("Output");
  visitor.option(
      "out", out,
      "a folder for a PNG of each, a .png for one grid, a .npy for all the numbers, or, for "
      "vectors, a .csv, which of a table has its cells; the default is RUN/decoded.png, of vectors "
      "RUN/decoded.npy");
  RunRequest::visit(visitor);
}

Json DecodeResult::to_json() const { return {{"out", out.string()}, {"decoded", decoded}}; }

DecodeResult decode_codes(const DecodeRequest& request, Progress& progress) {
  const OpenRun run = open_requested(request);
  const torch::Tensor codes = read_codes_of(run.model(), request.codes);
  const ImageShape& shape = run.model().input_shape();
  const std::filesystem::path out =
      run.output_path(request.out, shape.is_image() ? "decoded.png" : "decoded.npy");
  if (!shape.is_image()) {
    write_decoded_vectors(out, {run.model(), codes, progress}, run.saved.schema);
  } else {
    write_decoded_pictures(out, {run.model(), codes, progress}, run.directory.name());
  }
  return {out, codes.size(0), shape};
}

}  // namespace autoencoder
