#include "tasks/encode.h"

#include "common/error.h"
#include "data/formats/row_writer.h"
#include "evaluation/evaluate.h"

namespace autoencoder {
namespace {

RowFormat code_format(const Autoencoder& model, const Dataset& data) {
  return {.rows = data.size(),
          .columns = numbered_columns("code", model.latent_dim()),
          .has_labels = data.labels.defined(),
          .label_names = data.label_names};
}

void write_codes(const std::filesystem::path& path, Autoencoder& model, const Dataset& data,
                 Progress& progress) {
  const auto writer = make_row_writer(path, code_format(model, data));
  progress.begin("encoding", data.size());
  for_each_batch(model, data, [&](const Batch& batch) {
    writer->append(model.encode(batch.input).to(torch::kFloat32), batch.label);
    progress.advance(batch.input.size(0));
  });
  writer->commit();
}

}  // namespace

void EncodeRequest::visit(OptionVisitor& visitor) {
  RunDataRequest::visit(visitor);
  visitor.group("Output");
  visitor.option("out", out,
                 "the file to write, .npy (labels in NAME.labels.npy beside it) or .csv (labels in its last "
                 "column); the default is RUN/codes.npy");
  double_precision.visit(visitor);
  precision.visit(visitor);
}

Json EncodeResult::to_json() const {
  return {{"out", out.string()}, {"codes", codes}, {"latent_dim", latent_dim}, {"labels", has_labels}};
}

EncodeResult encode_data(const EncodeRequest& request, Progress& progress) {
  if (request.double_precision.is_double && request.precision.precision != Precision::kFloat32) {
    throw UsageError("--double-precision and --precision bf16 exclude each other; leave one away");
  }
  auto [run, data] = open_with_data(request);
  const auto in_double = request.double_precision.applied_to(run);
  const MixedPrecision mixed = request.precision.of(run.model());
  const auto products = mixed.scope();
  const std::filesystem::path out = run.output_path(request.out, "codes.npy");
  write_codes(out, run.model(), data.examples, progress);
  std::vector<std::string> notes = data.notes;
  if (const std::string note = request.precision.note(run.model()); !note.empty()) {
    notes.push_back(note);
  }
  return {out,
          data.text,
          data.examples.size(),
          run.model().latent_dim(),
          data.examples.labels.defined(),
          std::move(notes)};
}

}  // namespace autoencoder
