#include "tasks/train_results.h"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/files.h"
#include "common/text.h"
#include "data/formats/csv.h"
#include "evaluation/column_figures.h"
#include "export/model_export.h"
#include "pictures/grid.h"
#include "pictures/pictures.h"
#include "run/checkpoint_index.h"
#include "tasks/run_page.h"
#include "tasks/run_pictures.h"
#include "tasks/series_pictures.h"

namespace autoencoder {
namespace {

constexpr int64_t kIllustratedExamples = 10'000;

// What training leaves behind, part by part: one that fails costs none of the others.
class ResultFiles {
 public:
  ResultFiles(Log& log, const RunDirectory& run) : log_(log), run_(run) {}

  const RunDirectory& run() const { return run_; }

  // `write` makes the file of that name and says what is in it.
  void add(const std::string& name, const std::function<std::string()>& write) {
    attempt(name, [&] { say(name, write()); });
  }

  void attempt(const std::string& name, const std::function<void()>& work) {
    try {
      work();
    } catch (const PictureTooLarge& reason) {
      log_.say(fmt::format("  (no {}: {})", name, reason.what()));
    } catch (const c10::Error& failure) {
      missing_.push_back(fmt::format("{} ({})", name, failure.what_without_backtrace()));
    } catch (const std::exception& failure) {
      missing_.push_back(fmt::format("{} ({})", name, failure.what()));
    }
  }

  void say(const std::string& name, const std::string& text) const {
    log_.say(fmt::format("  {:<21} {}", name, text));
  }

  // Throws Error where something is missing.
  void require_all() const {
    if (!missing_.empty()) {
      throw Error(
          fmt::format("{0}: trained and saved, but without {1}; all of it is written again by: "
                      "autoencoder train --resume {0}",
                      run_.path().string(), join(missing_)));
    }
  }

 private:
  Log& log_;
  RunDirectory run_;
  std::vector<std::string> missing_;
};

// What only some families have to show: pictures of the model itself, lists of numbers.
void write_own_results(ResultFiles& results, Autoencoder& model, const Dataset& data) {
  Illustrated* illustrated = model.illustrated();
  if (illustrated == nullptr) {
    return;
  }
  const RunDirectory& run = results.run();
  for (const Listing& listing : illustrated->listings()) {
    results.add(listing.name + ".txt", [&] {
      write_file(run.path() / (listing.name + ".txt"), fmt::format("{}\n", fmt::join(listing.numbers, "\n")));
      return fmt::format("{} numbers", listing.numbers.size());
    });
  }
  if (!pictures_available()) {
    return;
  }
  const torch::Tensor examples = to_unit_range(first_images(data, kIllustratedExamples));
  for (const Illustration& illustration : illustrated->illustrations(examples)) {
    results.add(illustration.name + ".png", [&] {
      write_grid(run.picture(illustration.name), {{"", illustration.images.cpu()}},
                 {.layout = GridLayout::kRows,
                  .columns = 0,
                  .zoom = 0,
                  .title = fmt::format("{}, {}", run.name(), illustration.caption)});
      return illustration.caption;
    });
  }
}

void draw_window_reconstructions(const RunDirectory& run, Autoencoder& model, const Dataset& windows,
                                 const Corruption& corruption) {
  constexpr int64_t kWindows = 8;
  const torch::Tensor chosen =
      torch::tensor(windows_apart(std::min(kWindows, windows.size()), windows.size()), torch::kInt64);
  write_window_reconstructions(run.picture("reconstructions"), windows.windows.chosen(chosen),
                               reconstruct(model, windows.images.chosen(chosen).all(), corruption),
                               run.name() + ", windows of series");
}

void draw_reconstructions(const RunDirectory& run, Autoencoder& model, const TrainingData& data,
                          const Corruption& corruption) {
  const Dataset& pictured = data.pictured();
  if (pictured.windows.defined()) {
    draw_window_reconstructions(run, model, pictured, corruption);
    return;
  }
  const torch::Tensor images = first_images(pictured, pictured_examples(pictured.shape()));
  write_reconstructions(
      run.picture("reconstructions"), reconstruct(model, images, corruption),
      {.layout = GridLayout::kRows,
       .columns = 0,
       .zoom = 0,
       .title = fmt::format("{}, {} {}s", run.name(), data.validation.empty() ? "training" : "validation",
                            pictured.shape().noun())});
}

// Of all that has a look.
void draw_examples(ResultFiles& results, Autoencoder& model, const TrainingSession& session) {
  const RunDirectory& run = results.run();
  results.add("reconstructions.png", [&] {
    const Corruption corruption = Corruption(session.plan.options.trainer.input.corruption)
                                      .of(model.row_layout(), model.scaling().factor);
    draw_reconstructions(run, model, session.data, corruption);
    return "originals over reconstructions";
  });
  if (const auto samples = prior_samples(model)) {
    results.add("samples.png", [&] {
      write_samples(run.picture("samples"), *samples, run.name() + ", samples from the prior");
      return "new images from the prior";
    });
  }
}

void draw_losses(ResultFiles& results, const TrainingSession& session) {
  results.add("loss.png", [&] {
    write_loss_chart(results.run(), session.state.history);
    return "training and validation loss";
  });
}

// Of a table.
void write_columns(ResultFiles& results, Autoencoder& model, const Dataset& data) {
  results.add("columns.csv", [&] {
    std::string text = "column,measure,reconstructed,by_mean_or_mode,cells\n";
    for (const ColumnFigure& figure : reconstruction_figures(model, data)) {
      text += fmt::format("{},{},{:.6g},{:.6g},{}\n", csv_cell(figure.name), measure_of(figure), figure.value,
                          figure.baseline, figure.cells);
    }
    write_file(results.run().path() / "columns.csv", text);
    return "how well each column is reconstructed";
  });
}

// After training has ended and all else is written: a page of the whole run.
void write_page(const RunDirectory& directory, const SavedModel& best, const TrainingData& data) {
  const OpenRun run = {directory, run_config(directory), best};
  const char* part = data.validation.empty() ? "train" : "validation";
  const DescribedData watched = named_part(part, data.source_name, data.pictured());
  write_report(directory.report(), report_of(run, watched, kReportedExamples).page);
}

// Whether the model makes the same of everything, as one does whose output is stuck at black.
bool is_collapsed(Autoencoder& model, const Dataset& data) {
  constexpr int64_t kExamples = 256;
  constexpr double kLeastShare = 1e-3;  // of the data's own spread
  const torch::Tensor examples = first_images(data, kExamples);
  if (examples.size(0) < 2) {
    return false;
  }
  const Reconstruction result = reconstruct(model, examples, Corruption());
  const auto spread = [](const torch::Tensor& some) { return some.std(0).mean().item<double>(); };
  return spread(result.reconstructions) < kLeastShare * spread(result.originals);
}

}  // namespace

void write_results(Log& log, const RunDirectory& run, const TrainingSession& session) {
  const History& history = session.state.history;
  const TrainingData& data = session.data;
  const EpochRecord& best = history[best_record(history)];
  const SavedModel saved = load_best_model(run, data.train.images.device());
  log.say(fmt::format("best epoch {}: {} loss {:.6g}\n\n{}", best.epoch,
                      best.validation ? "validation" : "training", best.monitored_loss(),
                      run.path().string()));
  const torch::NoGradGuard no_grad;
  if (is_collapsed(*saved.model, data.pictured())) {
    log.say(
        "  warning: it makes the same of every input; try more --epochs, a smaller --learning-rate or "
        "another --seed");
  }
  ResultFiles results(log, run);
  if (data.schema != nullptr) {
    write_columns(results, *saved.model, data.pictured());
  }
  if (pictures_available()) {
    results.attempt("pictures", [&] {
      if (saved.model->row_layout().empty()) {
        draw_examples(results, *saved.model, session);
      }
      draw_losses(results, session);
    });
  } else {
    log.say("  (no pictures: this build has no OpenCV)");
  }
  results.attempt("the model's own pictures",
                  [&] { write_own_results(results, *saved.model, data.pictured()); });
  results.add("report.html", [&] {
    write_page(run, saved, data);
    return "all of it on one page";
  });
  results.say("metrics.csv", "losses and times, epoch by epoch");
  results.add("model.safetensors", [&] {
    export_weights(saved, run.exported_weights());
    return "its weights alone";
  });
  results.add("model.pt", [&] {
    const ExportCheck check = export_model(saved, run.exported_model());
    return fmt::format("{} (differs by {:.0e})", export_text(*saved.model, ExportPart::kWhole),
                       check.largest_difference);
  });
  results.require_all();
  log.say(fmt::format("\nnext: autoencoder evaluate {}", run.path().string()));
}

}  // namespace autoencoder
