#include "cli/answer.h"

namespace autoencoder {

void print_answer(const Json& json) { fmt::print("{}\n", json_text(json, 2)); }

std::string noted(const std::string& lines, const std::string& note) {
  return note.empty() ? lines : lines + "\nnote: " + note;
}

std::string noted(std::string lines, const std::vector<std::string>& notes) {
  for (const std::string& note : notes) {
    lines = noted(lines, note);
  }
  return lines;
}

void print_answer(const std::string& lines) { fmt::print("{}\n", lines); }

}  // namespace autoencoder
