// Bytes as text, for pictures inside pages and JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace autoencoder {

/// RFC 4648, section 4, padded.
std::string base64(std::string_view bytes);

/// The bytes again; nothing where the text is none of base64's.
std::optional<std::string> bytes_of_base64(std::string_view text);

}  // namespace autoencoder
