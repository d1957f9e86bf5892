#include "tasks/sweep.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <limits>
#include <map>
#include <numeric>
#include <thread>
#include <tuple>

#include <fmt/format.h>

#include "common/child_process.h"
#include "common/error.h"
#include "common/files.h"
#include "common/text.h"
#include "data/formats/csv.h"
#include "run/history.h"
#include "run/run_directory.h"
#include "tasks/device.h"
#include "tasks/report_run.h"
#include "tasks/threads.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMostReported = 8;

// A training for each GPU, or for every two processors.
int64_t usual_parallel() {
  const int64_t gpus = gpu_count();
  return gpus > 0 ? gpus : std::max(1, usual_threads() / 2);
}

std::vector<std::string> train_words(const Json& options, const fs::path& out) {
  std::vector<std::string> words = {"train", "--quiet", "--resume", "auto", "--out", out.string()};
  for (const auto& [name, value] : options.items()) {
    words.push_back(fmt::format("--{}={}", name, option_text(value)));
  }
  return words;
}

History history_of(const fs::path& run) { return read_history(RunDirectory(run).metrics()); }

// Whether a run was trained so far, and has left all that it leaves.
bool is_done(const fs::path& run, int64_t epochs) {
  return std::ssize(history_of(run)) >= epochs && fs::exists(RunDirectory(run).exported_model());
}

// The last line that a training printed.
std::string last_words(const fs::path& output) {
  std::string text = fs::exists(output) ? read_file(output) : "";
  text.erase(text.find_last_not_of('\n') + 1);
  return text.substr(text.find_last_of('\n') + 1);
}

fs::path output_of(const Trial& trial, const fs::path& out) { return out / "output" / (trial.name + ".txt"); }

// Holds the last words of a training that has ended with an error: of all processes each must know.
fs::path failure_of(const Trial& trial, const fs::path& out) {
  return out / "output" / (trial.name + ".failure");
}

// Where a trial's training stands.
TrialResult result_of(const Trial& trial, const fs::path& out) {
  const fs::path failure = failure_of(trial, out);
  TrialResult result = {trial, out / trial.name, {}, 0, fs::exists(failure) ? read_file(failure) : ""};
  if (const History history = history_of(result.run); !history.empty()) {
    result.loss = history[best_record(history)].monitored_loss();
    result.epochs = std::ssize(history);
  }
  return result;
}

// A training under way, in a place of its own among those at a time.
struct RunningTrial {
  const Trial* trial;
  ChildProcess process;
  int64_t place;
};

// Trains trials, several at a time.
class TrialRunner {
 public:
  TrialRunner(const SweepPlan& plan, fs::path out, int64_t parallel, Log& log,
              const std::function<bool()>& asks_to_stop)
      : plan_(plan), out_(std::move(out)), log_(log), asks_to_stop_(asks_to_stop) {
    for (int64_t place = parallel; place-- > 0;) {
      free_places_.push_back(place);
    }
    threads_ = std::max<int64_t>(1, usual_threads() / parallel);
  }

  // Whether all were trained for so many epochs, or have failed; not where this was asked to stop.
  bool train(const std::vector<const Trial*>& trials, int64_t epochs) {
    auto next = trials.begin();
    while (!is_stopped_ && (next != trials.end() || !running_.empty())) {
      while (next != trials.end() && !free_places_.empty()) {
        begin(**next++, epochs);
      }
      take_ended(epochs);
      if (asks_to_stop_()) {
        stop();
      }
    }
    return !is_stopped_;
  }

 private:
  void begin(const Trial& trial, int64_t epochs) {
    if (is_done(out_ / trial.name, epochs)) {
      return;
    }
    fs::remove(failure_of(trial, out_));
    const int64_t place = free_places_.back();
    free_places_.pop_back();
    std::map<std::string, std::string> environment = {{"OMP_NUM_THREADS", std::to_string(threads_)}};
    if (const int64_t gpus = gpu_count(); gpus > 0) {
      environment["CUDA_VISIBLE_DEVICES"] = std::to_string(place % gpus);
    }
    running_.push_back(
        {&trial,
         ChildProcess({.words = train_words(plan_.options_of(trial, epochs), out_ / trial.name),
                       .environment = environment,
                       .hidden_variables = {"OMPI_", "PMIX_", "RANK=", "WORLD_SIZE=", "SLURM_"},
                       .output = output_of(trial, out_)}),
         place});
  }

  void take_ended(int64_t epochs) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    for (RunningTrial& running : running_) {
      if (const auto status = running.process.status()) {
        free_places_.push_back(running.place);
        tell(*running.trial, *status, epochs);
      }
    }
    std::erase_if(running_, [](RunningTrial& running) { return running.process.status().has_value(); });
  }

  void tell(const Trial& trial, int status, int64_t epochs) {
    if (status != 0) {
      write_file(failure_of(trial, out_), last_words(output_of(trial, out_)));
    }
    const TrialResult result = result_of(trial, out_);
    log_.say(fmt::format("{}  {}, seed {}: {}", trial.name, trial.setting_text(), trial.seed,
                         !result.failure.empty() ? result.failure
                         : result.loss
                             ? fmt::format("loss {:.6g} after {}", *result.loss, counted(epochs, "epoch"))
                             : "ended without a word"));
  }

  // All save what they have learned.
  void stop() {
    is_stopped_ = true;
    for (RunningTrial& running : running_) {
      running.process.send(SIGTERM);
    }
    const auto has_ended = [](RunningTrial& running) { return running.process.status().has_value(); };
    while (!std::ranges::all_of(running_, has_ended)) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

  const SweepPlan& plan_;
  fs::path out_;
  Log& log_;
  const std::function<bool()>& asks_to_stop_;
  int64_t threads_ = 1;
  std::vector<int64_t> free_places_;
  std::vector<RunningTrial> running_;
  bool is_stopped_ = false;
};

double deviation_of(const std::vector<double>& losses, double mean) {
  if (losses.size() < 2) {
    return 0;
  }
  const double squares = std::accumulate(losses.begin(), losses.end(), 0.0, [&](double sum, double loss) {
    return sum + (loss - mean) * (loss - mean);
  });
  return std::sqrt(squares / static_cast<double>(losses.size() - 1));
}

void summarise(SettingResult& setting) {
  std::vector<double> losses;
  for (const TrialResult& trial : setting.trials) {
    setting.epochs = std::max(setting.epochs, trial.epochs);
    if (trial.loss) {
      losses.push_back(*trial.loss);
    }
  }
  if (!losses.empty()) {
    setting.mean = std::reduce(losses.begin(), losses.end()) / static_cast<double>(losses.size());
    setting.deviation = deviation_of(losses, setting.mean);
  }
}

// Settings in which every seed has a loss, before others; trained longer, before shorter; better, before
// worse.
bool comes_before(const SettingResult& a, const SettingResult& b) {
  return std::tuple(!a.has_loss(), -a.epochs, a.mean) < std::tuple(!b.has_loss(), -b.epochs, b.mean);
}

std::vector<SettingResult> settings_of(const SweepPlan& plan, const fs::path& out) {
  std::vector<SettingResult> settings;
  const Json* last = nullptr;
  for (const Trial& trial : plan.trials) {
    if (last == nullptr || *last != trial.setting) {
      settings.push_back({.setting = trial.setting_text(), .trials = {}});
    }
    last = &trial.setting;
    settings.back().trials.push_back(result_of(trial, out));
  }
  std::ranges::for_each(settings, summarise);
  std::ranges::stable_sort(settings, comes_before);
  return settings;
}

// The trials of the best settings: of so many, one.
std::vector<const Trial*> survivors(const SweepPlan& plan, const std::vector<SettingResult>& settings,
                                    int64_t round) {
  const auto share = static_cast<int64_t>(std::pow(plan.factor, round));
  const auto kept = std::max<int64_t>(1, (std::ssize(settings) + share - 1) / share);
  std::vector<const Trial*> trials;
  for (const Trial& trial : plan.trials) {
    const auto is_of_trial = [&](const SettingResult& setting) {
      return std::ranges::any_of(setting.trials,
                                 [&](const TrialResult& result) { return result.trial.name == trial.name; });
    };
    const auto place = std::ranges::find_if(settings, is_of_trial) - settings.begin();
    if (place < kept) {
      trials.push_back(&trial);
    }
  }
  return trials;
}

std::vector<const Trial*> share_of(const std::vector<const Trial*>& trials, const Communicator& processes) {
  std::vector<const Trial*> own;
  for (size_t i = static_cast<size_t>(processes.rank()); i < trials.size();
       i += static_cast<size_t>(processes.size())) {
    own.push_back(trials[i]);
  }
  return own;
}

void write_table(const SweepResult& result) {
  CsvFile table(result.out / "results.csv");
  table.add({"run", "setting", "seed", "epochs", "loss", "failure"});
  for (const SettingResult& setting : result.settings) {
    for (const TrialResult& trial : setting.trials) {
      table.add({trial.trial.name, csv_cell(setting.setting), std::to_string(trial.trial.seed),
                 std::to_string(trial.epochs), trial.loss ? fmt::format("{}", *trial.loss) : "",
                 csv_cell(trial.failure)});
    }
  }
  table.commit();
}

const TrialResult& best_trial(const SettingResult& setting) {
  return *std::ranges::min_element(setting.trials, {}, [](const TrialResult& trial) {
    return trial.loss.value_or(std::numeric_limits<double>::infinity());
  });
}

// The best run of each of the best settings, side by side, by what chose them: the test split stays unseen.
void write_report(SweepResult& result) {
  ReportRequest request;
  for (const SettingResult& setting : result.settings) {
    if (setting.has_loss() && setting.epochs == result.settings.front().epochs &&
        request.others.size() < kMostReported) {
      request.others.push_back(best_trial(setting).run.string());
    }
  }
  request.run = request.others.front();
  request.others.erase(request.others.begin());
  const Json config = read_config(RunDirectory(request.run).config());
  request.split = config.value("validation-fraction", 0.0) > 0 ? "validation" : "train";
  request.out = (result.out / "report.html").string();
  result.report = report_runs(request).out;
}

Json json_in(const fs::path& path) {
  try {
    return parse_json(read_file(path), path.string());
  } catch (const Json::exception&) {
    throw Error(fmt::format("{}: damaged, or not written by this program", path.string()));
  }
}

// The folder of this sweep: of no other.
void claim(const fs::path& out, const std::string& file) {
  const fs::path kept = out / "sweep.json";
  const Json plan = json_in(file);
  if (fs::exists(kept) && json_in(kept) != plan) {
    throw Error(fmt::format("{}: holds another sweep than {}; choose another --out", out.string(), file));
  }
  if (!fs::exists(kept) && fs::exists(out) && !fs::is_empty(out)) {
    throw Error(fmt::format("{}: is there already and is no sweep; choose another --out", out.string()));
  }
  write_file(kept, json_text(plan, 2) + "\n");
  fs::create_directories(out / "output");
}

}  // namespace

void SweepRequest::visit(OptionVisitor& visitor) {
  visitor.group("Sweep");
  visitor.option("out", out, "folder of its runs; the default is sweeps/NAME of the file NAME.json");
  visitor.option("parallel", parallel,
                 "trainings at a time, which share cores or GPUs; 0: one for each GPU, or for two cores",
                 between(0, 1024));
}

bool SettingResult::has_begun() const {
  return std::ranges::any_of(trials,
                             [](const TrialResult& trial) { return trial.loss || !trial.failure.empty(); });
}

bool SettingResult::has_loss() const {
  return std::ranges::all_of(trials,
                             [](const TrialResult& trial) { return trial.loss && trial.failure.empty(); });
}

Json SweepResult::to_json() const {
  Json json = {
      {"out", out.string()}, {"best", best ? Json(best->string()) : Json()}, {"settings", Json::array()}};
  for (const SettingResult& setting : settings) {
    Json entry = {{"setting", setting.trials.front().trial.setting},
                  {"mean_loss", setting.has_loss() ? Json(setting.mean) : Json()},
                  {"deviation", setting.deviation},
                  {"epochs", setting.epochs},
                  {"runs", Json::array()}};
    for (const TrialResult& trial : setting.trials) {
      entry["runs"].push_back({{"run", trial.run.string()},
                               {"seed", trial.trial.seed},
                               {"loss", trial.loss ? Json(*trial.loss) : Json()},
                               {"epochs", trial.epochs},
                               {"failure", trial.failure}});
    }
    json["settings"].push_back(entry);
  }
  return json;
}

SweepResult sweep(const SweepRequest& request, Log& log, const std::function<bool()>& asks_to_stop,
                  Communicator& processes) {
  const SweepPlan plan = read_sweep_plan(request.file);
  SweepResult result;
  result.is_of_first = processes.is_first();
  result.out =
      request.out.empty() ? fs::path("sweeps") / fs::path(request.file).stem() : fs::path(request.out);
  if (processes.is_first()) {
    claim(result.out, request.file);
  }
  meet(processes);
  TrialRunner runner(plan, result.out, request.parallel > 0 ? request.parallel : usual_parallel(), log,
                     asks_to_stop);
  for (size_t round = 0; round < plan.rounds.size() && !result.is_stopped; ++round) {
    const auto settings = settings_of(plan, result.out);
    const auto trials = survivors(plan, settings, static_cast<int64_t>(round));
    if (round > 0 && processes.is_first()) {
      log.say(
          fmt::format("{} of {} go on to {} epochs", trials.size(), plan.trials.size(), plan.rounds[round]));
    }
    const bool is_done = runner.train(share_of(trials, processes), plan.rounds[round]);
    result.is_stopped = any_of(processes, !is_done);
  }
  result.settings = settings_of(plan, result.out);
  if (!processes.is_first()) {
    return result;
  }
  write_table(result);
  if (!result.is_stopped && result.settings.front().has_loss()) {
    result.best = best_trial(result.settings.front()).run;
    write_report(result);
  }
  return result;
}

}  // namespace autoencoder
