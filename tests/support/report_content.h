// What a written report says: the JSON in its page.
#pragma once

#include <string>

#include "common/options.h"

namespace autoencoder::testing {

/// The content of a page. Throws Json::exception where there is none.
inline Json report_content(const std::string& page) {
  const std::string opening = "<script type=\"application/json\" id=\"report\">";
  const size_t begin = page.find(opening) + opening.size();
  return Json::parse(page.substr(begin, page.find("</script>", begin) - begin));
}

/// The section with this title; null where there is none.
inline Json report_section(const Json& content, const std::string& title) {
  for (const Json& section : content.at("sections")) {
    if (section.at("title") == title) {
      return section;
    }
  }
  return {};
}

}  // namespace autoencoder::testing
