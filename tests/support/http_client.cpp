#include "tests/support/http_client.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cctype>
#include <netinet/in.h>
#include <sstream>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>

namespace autoencoder::testing {

HttpClient::HttpClient(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience = {30, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("nobody listens");
  }
}

HttpClient::~HttpClient() { ::close(socket_); }

bool HttpClient::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

void HttpClient::finish() const { ::shutdown(socket_, SHUT_WR); }

bool HttpClient::read_more() {
  char bytes[65536];
  const ssize_t count = ::recv(socket_, bytes, sizeof bytes, 0);
  if (count > 0) {
    received_.append(bytes, static_cast<size_t>(count));
  }
  return count > 0;
}

std::string HttpClient::rest() {
  while (read_more()) {
  }
  return std::move(received_);
}

HttpAnswer HttpClient::receive() {
  HttpAnswer answer;
  size_t end = std::string::npos;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!read_more()) {
      return answer;
    }
  }
  std::istringstream lines(received_.substr(0, end));
  received_.erase(0, end + 4);
  std::string version;
  lines >> version >> answer.status;
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    const size_t colon = line.find(':');
    std::string name = line.substr(0, colon);
    std::ranges::transform(name, name.begin(),
                           [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    std::string value = line.substr(colon + 2);
    if (value.ends_with('\r')) {
      value.pop_back();
    }
    answer.headers[name] = value;
  }
  const auto length = answer.headers.find("content-length");
  const size_t size = length == answer.headers.end() ? 0 : std::stoul(length->second);
  while (received_.size() < size && read_more()) {
  }
  answer.body = received_.substr(0, size);
  received_.erase(0, size);
  return answer;
}

HttpAnswer HttpClient::ask(const std::string& method, const std::string& target, const std::string& body,
                           const std::string& headers) {
  send(fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n{}\r\n{}", method, target,
                   body.size(), headers, body));
  return receive();
}

HttpAnswer ask(int port, const std::string& method, const std::string& target, const std::string& body,
               const std::string& headers) {
  return HttpClient(port).ask(method, target, body, headers);
}

}  // namespace autoencoder::testing
