#include "service/media.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/text.h"
#include "service/problem.h"

namespace autoencoder::service {
namespace {

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view()
                                         : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// What stands before the first `sign`, which is taken off the text with it.
std::string_view taken_until(std::string_view& text, char sign) {
  const std::string_view part = text.substr(0, text.find(sign));
  text.remove_prefix(std::min(part.size() + 1, text.size()));
  return trimmed(part);
}

std::optional<Media> media_called(const std::string& type) {
  if (type == "application/npy" || type == "application/x-numpy") {
    return Media::kNpy;
  }
  if (type == "image/jpg") {
    return Media::kJpeg;
  }
  return find_choice(media_types(), type);
}

Media media_by_content(std::string_view body) {
  if (body.starts_with("\x93NUMPY")) {
    return Media::kNpy;
  }
  if (body.starts_with("\x89PNG")) {
    return Media::kPng;
  }
  return body.starts_with("\xFF\xD8\xFF") ? Media::kJpeg : Media::kJson;
}

struct Wish {
  std::string range;  // "image/*"
  double weight = 1;
};

std::vector<Wish> wishes_in(std::string_view accept) {
  std::vector<Wish> wishes;
  while (!accept.empty()) {
    std::string_view wish = taken_until(accept, ',');
    Wish read = {lower_case(taken_until(wish, ';'))};
    while (!wish.empty()) {
      const std::string parameter = lower_case(taken_until(wish, ';'));
      if (parameter.starts_with("q=")) {
        read.weight = number_from<double>(parameter.substr(2)).value_or(0);
      }
    }
    if (!read.range.empty()) {
      wishes.push_back(read);
    }
  }
  return wishes;
}

// How well a range fits a type: 0 not at all, 3 by name.
int fit_of(const std::string& range, Media media) {
  if (media_called(range) == media) {
    return 3;
  }
  const std::string type = name_of(media_types(), media);
  if (range.ends_with("/*") && range != "*/*") {
    return type.starts_with(range.substr(0, range.size() - 1)) ? 2 : 0;
  }
  return range == "*/*" ? 1 : 0;
}

// The weight that the range with the best fit gives it.
double weight_of(const std::vector<Wish>& wishes, Media media) {
  int best = 0;
  double weight = 0;
  for (const Wish& wish : wishes) {
    if (const int fit = fit_of(wish.range, media); fit > best) {
      best = fit;
      weight = wish.weight;
    }
  }
  return weight;
}

}  // namespace

Choices<Media> media_types() {
  return {{"application/json", Media::kJson},
          {"application/x-npy", Media::kNpy},
          {"text/csv", Media::kCsv},
          {"image/png", Media::kPng},
          {"image/jpeg", Media::kJpeg}};
}

Media media_of(std::string_view content_type, std::string_view body) {
  const std::string type = lower_case(taken_until(content_type, ';'));
  if (type.empty() || type == "application/octet-stream" || type == "application/x-www-form-urlencoded") {
    return media_by_content(body);  // the last is what curl says where it is told nothing
  }
  if (const auto media = media_called(type)) {
    return *media;
  }
  throw Problem(415, fmt::format("the body is of type {}; send {}", type, join(keys_of(media_types()))));
}

Media chosen_media(std::string_view accept, const std::vector<Media>& offered) {
  const std::vector<Wish> wishes = wishes_in(accept);
  if (wishes.empty()) {
    return offered.front();
  }
  const auto weight = [&](Media media) { return weight_of(wishes, media); };
  const auto best = std::ranges::max_element(offered, {}, weight);
  if (weight(*best) > 0) {
    return *best;
  }
  std::vector<std::string> names;
  for (const Media media : offered) {
    names.push_back(name_of(media_types(), media));
  }
  throw Problem(406, fmt::format("Accept is '{}'; this can be sent as {}", accept, join(names)));
}

}  // namespace autoencoder::service
