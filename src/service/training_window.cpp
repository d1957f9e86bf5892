#include "service/training_window.h"

#include <cmath>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/base64.h"
#include "common/stopwatch.h"
#include "common/text.h"
#include "data/classes.h"
#include "evaluation/code_distribution.h"
#include "evaluation/latent_map.h"
#include "models/evaluation_mode.h"
#include "pictures/encode.h"
#include "pictures/grid.h"
#include "pictures/pictures.h"
#include "service/json_body.h"
#include "service/page.h"

namespace autoencoder {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int64_t kShownPictures = 10;
constexpr int64_t kShownCodes = 300;
constexpr size_t kMostEpochsTold = 1000;
constexpr double kRest = 60;  // times what looking took
constexpr std::chrono::milliseconds kProgress(500);
constexpr std::chrono::milliseconds kLastWords(1000);  // for those who watch to hear how it ended

Json json_of(const EpochRecord& record) {
  Json losses = {{"training", record.train.total}};
  if (record.validation) {
    losses["validation"] = record.validation->total;
  }
  return {{"epoch", record.epoch}, {"losses", losses}};
}

// Not all of many, but the first and the last.
Json json_of(const History& history) {
  Json epochs = Json::array();
  const size_t step = (history.size() + kMostEpochsTold - 1) / kMostEpochsTold;
  for (size_t i = 0; i < history.size(); i += std::max<size_t>(step, 1)) {
    epochs.push_back(json_of(history[i]));
  }
  if (!history.empty() && epochs.back().at("epoch") != history.back().epoch) {
    epochs.push_back(json_of(history.back()));
  }
  return epochs;
}

// The points turned and mirrored so that they lie as they lay before (orthogonal Procrustes, Schönemann
// 1966).
torch::Tensor turned_to(const torch::Tensor& points, const torch::Tensor& before) {
  const auto [left, _, right] =
      torch::linalg_svd(points.t().mm(before), /*full_matrices=*/false, std::nullopt);
  return points.mm(left.mm(right));
}

}  // namespace

/// Looks at a session, and publishes what there is to see.
class TrainingWindow::Watcher : public Observer {
 public:
  Watcher(const TrainingSession& session, http::EventStream& events) : session_(session), events_(events) {
    const Dataset& shown = session.data.pictured();
    pictured_ = first_images(shown, kShownPictures);
    examples_ = chosen_examples(shown, torch::arange(std::min(shown.size(), kShownCodes)));
  }

  Decision begin(const Workload& workload, const TrainingState& state) override {
    workload_ = workload;
    started_ = Clock::now();
    if (!state.history.empty()) {
      events_.publish("history", json_of(state.history).dump(), "history");
    }
    return Decision::kContinue;
  }

  Decision step_done(TrainingState& state) override {
    ++steps_;
    if (const auto now = Clock::now(); now - told_ >= kProgress) {
      told_ = now;
      tell_progress(state);
    }
    return Decision::kContinue;
  }

  Decision epoch_done(TrainingState& state) override {
    events_.publish("epoch", json_of(state.history.back()).dump());
    if (rested_.seconds() >= kRest * last_look_ || last_look_ == 0) {
      const Stopwatch watch;
      look(state);
      last_look_ = watch.seconds();
      rested_ = Stopwatch();
    }
    return Decision::kContinue;
  }

 private:
  void tell_progress(const TrainingState& state) {
    const auto batches = static_cast<double>(std::max<int64_t>(workload_.batches_per_epoch, 1));
    const double share = static_cast<double>(state.batch) / batches;
    const double each =
        std::chrono::duration<double>(Clock::now() - started_).count() / static_cast<double>(steps_);
    const double left =
        static_cast<double>(workload_.epochs - state.epoch) * batches - static_cast<double>(state.batch);
    events_.publish("progress",
                    Json({{"epoch", state.epoch + 1},
                          {"epochs", workload_.epochs},
                          {"share", share},
                          {"left", duration_text(each * left)}})
                        .dump(),
                    "progress");
  }

  void look(const TrainingState& state) {
    const torch::NoGradGuard no_grad;
    Autoencoder& model = *session_.saved.model;
    const EvaluationMode evaluation(model);
    events_.keep("history", json_of(state.history).dump());
    if (pictures_available() && model.input_shape().is_image()) {
      show_pictures(model);
    }
    if (examples_.size() > 2) {
      show_codes(model);
    }
  }

  void show_pictures(Autoencoder& model) {
    const torch::Tensor input = to_unit_range(pictured_).to(model.parameters().front().device());
    const torch::Tensor sheet =
        sheet_of(torch::cat({input, model.forward(input)}), /*columns=*/input.size(0));
    const std::string source = "data:image/png;base64," + base64(picture_bytes(sheet.cpu()));
    events_.publish("pictures", Json({{"source", source}}).dump(), "pictures");
  }

  void show_codes(Autoencoder& model) {
    const torch::Tensor codes = encode_all(model, examples_);
    torch::Tensor points = map_of_codes(codes).points.to(torch::kFloat32);
    points = points - points.mean(0);
    if (before_.defined() && codes.size(1) > 2) {
      points = turned_to(points, before_);
    }
    before_ = points;
    std::string text = "{\"points\":";
    service::append_numbers(text, points);
    if (examples_.labels.defined()) {
      text += ",\"labels\":";
      service::append_numbers(text, number_classes(examples_.labels, examples_.label_names).numbers);
    }
    events_.publish("codes", text + "}", "codes");
  }

  const TrainingSession& session_;
  http::EventStream& events_;
  torch::Tensor pictured_;
  Dataset examples_;
  Workload workload_;
  Clock::time_point started_;
  Clock::time_point told_;
  int64_t steps_ = 0;  // since started_
  Stopwatch rested_;
  double last_look_ = 0;  // seconds
  torch::Tensor before_;  // points of the last map
};

TrainingWindow::TrainingWindow(const std::string& host, int port) : host_(host) {
  add_routes();
  server_.emplace(http::ServerOptions{.host = host, .port = port}, service_);
}

TrainingWindow::~TrainingWindow() { server_->stop(kLastWords); }

std::string TrainingWindow::address() const { return fmt::format("http://{}:{}/", host_, server_->port()); }

Observer* TrainingWindow::attach(const TrainingSession& session, const std::string& name) {
  const std::lock_guard lock(mutex_);
  name_ = name;
  epochs_ = session.plan.options.trainer.epochs;
  watcher_ = std::make_unique<Watcher>(session, *events_);
  return watcher_.get();
}

void TrainingWindow::end(const std::string& message) {
  events_->publish("end", Json({{"message", message}}).dump(), "end");
}

http::Response TrainingWindow::state() const {
  const std::lock_guard lock(mutex_);
  const Json training = {{"name", name_}, {"epochs", epochs_}};
  return {.body = json_text(Json({{"models", Json::array()}, {"training", training}})) + "\n"};
}

void TrainingWindow::add_routes() {
  service_.add(service::page_routes());
  service_.add({{"GET", "/v1/models", service::at_once([this](const service::Call&) { return state(); })},
                {"GET", "/v1/training/events", service::at_once([this](const service::Call&) {
                   return http::Response{.headers = {{"Cache-Control", "no-store"}}, .events = events_};
                 })},
                {"POST", "/v1/training/stop", service::at_once([this](const service::Call&) {
                   is_asked_to_stop_ = true;
                   return http::Response{.body = "{\"stopping\":true}\n"};
                 })}});
}

}  // namespace autoencoder
