// From the command line to a task's request, and from its result to what is printed.
#pragma once

#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/command.h"

namespace autoencoder {

/// A task's request with the switch that all commands have which answer: --json.
template <typename Request>
struct Answered : Request {
  bool json = false;

  void visit(OptionVisitor& visitor) override {
    Request::visit(visitor);
    visitor.group("Output");
    visitor.option("json", json, "print JSON");
  }
};

/// The request from the arguments, of which the first word is the run. Throws UsageError on a value that is
/// not allowed.
template <typename Request>
Answered<Request> request_from(const Arguments& arguments) {
  auto request = options_from<Answered<Request>>(arguments);
  request.run = arguments.words.front();
  return request;
}

/// Prints one.
void print_answer(const Json& json);
void print_answer(const std::string& lines);

/// The lines, and one more with the note where there is one, or with each of them.
std::string noted(const std::string& lines, const std::string& note);
std::string noted(std::string lines, const std::vector<std::string>& notes);

/// Prints a task's result, to machines (`to_json`) or to people (`text_of`), and returns the exit status of
/// success.
template <typename Result>
int answer(const Result& result, bool in_json, std::string (*text_of)(const Result&)) {
  if (in_json) {
    print_answer(result.to_json());
  } else {
    print_answer(text_of(result));
  }
  return 0;
}

}  // namespace autoencoder
