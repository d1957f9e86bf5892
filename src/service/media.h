// Kinds of content, as Content-Type and Accept name them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/options.h"

namespace autoencoder::service {

enum class Media { kJson, kNpy, kCsv, kPng, kJpeg };

/// Each with the name that answers have. NumPy's arrays have no registered one.
Choices<Media> media_types();

/// The kind of a body. application/octet-stream, and what has no type at all, goes by its first bytes. Throws
/// Problem (415) on another type.
Media media_of(std::string_view content_type, std::string_view body);

/// The first of what can be sent that `accept` (RFC 9110, section 12.5.1) likes best; of nothing, and of
/// equals, the one that stands first in `offered`. Throws Problem (406) where it likes none.
Media chosen_media(std::string_view accept, const std::vector<Media>& offered);

}  // namespace autoencoder::service
