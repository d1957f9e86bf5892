#include "tasks/environment.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sys/utsname.h>
#include <thread>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <torch/types.h>
#include <torch/version.h>

#include "common/error.h"
#include "common/files.h"
#include "common/memory.h"
#include "common/text.h"
#include "common/version.h"
#include "models/kernels/blas.h"
#include "pictures/pictures.h"
#include "tasks/device.h"

namespace autoencoder {
namespace {

// A Json that keeps the order of what is put into it.
using OrderedJson = nlohmann::ordered_json;

std::string processor_name() {
  std::ifstream facts("/proc/cpuinfo");
  for (std::string line; std::getline(facts, line);) {
    if (const size_t colon = line.find(": "); line.starts_with("model name") && colon != std::string::npos) {
      return line.substr(colon + 2);
    }
  }
  return "unknown";
}

std::string system_text() {
  utsname names{};
  return ::uname(&names) == 0 ? fmt::format("{} {}, {}", names.sysname, names.release, names.machine)
                              : "unknown";
}

}  // namespace

void Phases::end(const std::string& name) {
  entries_.emplace_back(name, fmt::format("{}, at most {} of memory", duration_text(watch_.seconds()),
                                          bytes_text(peak_resident_bytes())));
  watch_ = Stopwatch();
}

std::string present_time() {
  return fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(std::chrono::system_clock::now()));
}

Environment present_environment(const torch::Device& device) {
  return {{"autoencoder", program_version()},
          {"LibTorch", TORCH_VERSION},
          {"BLAS", blas_name()},
          {"OpenCV", opencv_version()},
          {"device", device_text(device)},
          {"processor", fmt::format("{}, {} cores", processor_name(), std::thread::hardware_concurrency())},
          {"system", system_text()},
          {"time", present_time()}};
}

Environment joined(Environment first, const Environment& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

Environment phases_before(const Environment& kept, const Environment& present) {
  const std::string suffix = " before";
  Environment before;
  for (const auto& [name, text] : kept) {
    if (std::ranges::find(present, name, &Environment::value_type::first) != present.end()) {
      continue;
    }
    const std::string own = name.ends_with(suffix) ? name : name + suffix;
    const auto found = std::ranges::find(before, own, &Environment::value_type::first);
    if (found == before.end()) {
      before.emplace_back(own, text);
    } else {
      found->second += "; " + text;
    }
  }
  return before;
}

void write_environment(const RunDirectory& run, const Environment& environment) {
  OrderedJson json = OrderedJson::object();
  for (const auto& [name, value] : environment) {
    json[name] = value;
  }
  write_file(run.environment(), json.dump(2) + "\n");
}

Environment read_environment(const RunDirectory& run) {
  if (!std::filesystem::exists(run.environment())) {
    return {};
  }
  Environment environment;
  try {
    const auto json = parse_json<OrderedJson>(read_file(run.environment()), run.environment().string());
    for (const auto& [name, value] : json.items()) {
      environment.emplace_back(name, value.get<std::string>());
    }
  } catch (const OrderedJson::exception&) {
    throw Error(
        fmt::format("{}: damaged, or not written by this program; remove it", run.environment().string()));
  }
  return environment;
}

}  // namespace autoencoder
