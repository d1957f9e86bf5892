#include "service/serve.h"

#include <atomic>
#include <cmath>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/base64.h"
#include "common/files.h"
#include "data/formats/npy.h"
#include "pictures/encode.h"
#include "pictures/pictures.h"
#include "tasks/detect.h"
#include "tests/support/expect_error.h"
#include "tests/support/http_client.h"
#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using testing::ask;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::error_of;
using ::testing::HasSubstr;
using testing::HttpAnswer;
using testing::HttpClient;
using ::testing::Not;
using testing::TaskTest;
using testing::TemporaryFolder;

// A service, for as long as this lives.
class RunningService {
 public:
  explicit RunningService(ServeRequest request) {
    request.door.port = 0;
    request.device.device = "cpu";
    thread_ = std::jthread([this, request] {
      serve_runs(
          request, [this](std::string_view line, const Json& facts) { hear(line, facts); },
          [this] { return is_to_stop_.load(); });
    });
    std::unique_lock lock(mutex_);
    heard_.wait(lock, [&] { return port_ != 0; });
  }
  ~RunningService() { stop(); }
  RunningService(const RunningService&) = delete;
  RunningService& operator=(const RunningService&) = delete;

  int port() const { return port_; }

  void stop() {
    is_to_stop_ = true;
    if (thread_.joinable()) {
      thread_.join();
    }
  }

  std::string log() {
    const std::lock_guard lock(mutex_);
    return log_;
  }

  /// Until a line of the log says so.
  void wait_for(const std::string& text) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(
        heard_.wait_for(lock, std::chrono::seconds(30), [&] { return log_.find(text) != std::string::npos; }))
        << text << " not in " << log_;
  }

 private:
  void hear(std::string_view line, const Json& facts) {
    const std::lock_guard lock(mutex_);
    log_ += std::string(line) + "\n";
    if (facts.contains("address")) {
      const auto address = facts.at("address").get<std::string>();
      port_ = std::stoi(address.substr(address.rfind(':') + 1));
    }
    heard_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable heard_;
  std::string log_;
  int port_ = 0;
  std::atomic<bool> is_to_stop_ = false;
  std::jthread thread_;
};

std::string table_of_sizes() {
  std::string text = "size,weight,colour\n";
  for (int i = 0; i < 200; ++i) {
    const double size = 1 + 0.02 * i;
    text += fmt::format("{:.2f},{:.2f},{}\n", size, 2 * size, size > 3 ? "red" : "blue");
  }
  return text;
}

// Runs of pictures ("spots"), vectors ("points"), rows ("table") and windows ("waves"), trained once for all
// tests.
class ServeTest : public TaskTest {
 protected:
  static void SetUpTestSuite() {
    runs_ = std::make_unique<TemporaryFolder>();
    testing::write_spots_to(*runs_ / "data", 200, 40);
    write_file(*runs_ / "table.csv", table_of_sizes());
    const auto train_one = [](const std::string& name, Json options) {
      options["out"] = (*runs_ / "runs" / name).string();
      options["epochs"] = 3;
      options["batch-size"] = 32;
      Log nobody;
      train_run(plan_training(options), {.log = nobody});
    };
    train_one("spots", {{"data", (*runs_ / "data").string()}, {"model", "vae"}, {"latent-dim", 3}});
    train_one(
        "points",
        {{"data", "circle"}, {"scale", "minmax"}, {"model", "dense"}, {"latent-dim", 1}, {"hidden", {8}}});
    train_one("table", {{"data", (*runs_ / "table.csv").string()}, {"model", "vae"}, {"latent-dim", 2}});
    train_one("waves", {{"data", "daily"}, {"window", 24}, {"model", "dense"}, {"latent-dim", 2}});
    FitDetectorRequest detector;
    detector.run = (*runs_ / "runs" / "spots").string();
    detector.device.device = "cpu";
    fit_detector(detector);
  }
  static void TearDownTestSuite() { runs_.reset(); }

  static std::string run_path(const std::string& name) { return (*runs_ / "runs" / name).string(); }

  static ServeRequest request_of(const std::vector<std::string>& names) {
    ServeRequest request;
    for (const std::string& name : names) {
      request.runs.push_back(run_path(name));
    }
    return request;
  }

  /// A service over all runs, which tests that change nothing share.
  static RunningService& all() {
    static RunningService* const kService = [] {
      ServeRequest request;
      request.runs = {(*runs_ / "runs").string()};
      return new RunningService(request);  // until the process ends: threads may not outlive what they use
    }();
    return *kService;
  }

  static HttpAnswer post(const std::string& path, const std::string& body, const std::string& headers = "") {
    return ask(all().port(), "POST", "/v1/models/" + path, body, headers);
  }

  static OpenRun opened(const std::string& name) { return open_run_model(run_path(name), torch::kCPU); }

  inline static std::unique_ptr<TemporaryFolder> runs_;
};

const std::string kNpyType = "Content-Type: application/x-npy\r\n";
const std::string kCsvType = "Content-Type: text/csv\r\n";
const std::string kJsonType = "Content-Type: application/json\r\n";

std::string list_of(const torch::Tensor& numbers) {
  std::string text = "[";
  const torch::Tensor flat = numbers.flatten().to(torch::kFloat64).contiguous();
  for (int64_t i = 0; i < flat.numel(); ++i) {
    text += fmt::format("{}{}", i > 0 ? "," : "", flat.const_data_ptr<double>()[i]);
  }
  return text + "]";
}

torch::Tensor tensor_of(const Json& numbers) {
  if (!numbers.is_array()) {
    return torch::tensor(numbers.get<float>());
  }
  std::vector<torch::Tensor> parts;
  for (const Json& each : numbers) {
    parts.push_back(tensor_of(each));
  }
  return torch::stack(parts);
}

torch::Tensor pictures(int64_t count) {
  torch::manual_seed(1);
  return torch::rand({count, 1, 12, 12});
}

TEST_F(ServeTest, ListsAndDescribesItsModels) {
  const Json models = ask(all().port(), "GET", "/v1/models").json().at("models");
  ASSERT_EQ(models.size(), 4);
  const Json spots = ask(all().port(), "GET", "/v1/models/spots").json();
  EXPECT_EQ(spots.at("kind"), "picture");
  EXPECT_EQ(spots.at("input_shape"), Json({1, 12, 12}));
  EXPECT_EQ(spots.at("latent_dim"), 3);
  EXPECT_EQ(spots.at("operations"), Json({"encode", "decode", "reconstruct", "sample", "score", "impute"}));
  EXPECT_TRUE(spots.at("score").contains("threshold"));
  const Json table = ask(all().port(), "GET", "/v1/models/table").json();
  EXPECT_THAT(table.at("operations"), Contains("impute"));
  EXPECT_EQ(table.at("columns")[2].at("words"), Json({"blue", "red"}));
}

TEST_F(ServeTest, EveryFormatGivesTheModelsCodes) {
  const torch::Tensor examples = pictures(3);
  const OpenRun run = opened("spots");
  const torch::NoGradGuard no_grad;
  const torch::Tensor expected = run.model().encode(examples);
  const std::string flat =
      fmt::format("[{},{},{}]", list_of(examples[0]), list_of(examples[1]), list_of(examples[2]));
  for (const std::string& body : {flat, "{\"examples\":" + flat + "}"}) {
    const Json answer = post("spots/encode", body, kJsonType).json();
    EXPECT_TRUE(torch::allclose(tensor_of(answer.at("codes")), expected, 1e-4, 1e-5));
    EXPECT_EQ(answer.at("model"), "spots");
  }
  const HttpAnswer array =
      post("spots/encode", npy_bytes(examples), kNpyType + "Accept: application/x-npy\r\n");
  EXPECT_EQ(array.headers.at("content-type"), "application/x-npy");
  EXPECT_TRUE(torch::allclose(parse_npy(array.body, "answer"), expected, 1e-4, 1e-5));
  const HttpAnswer rows = post("spots/encode", npy_bytes(examples.flatten(1)), "Accept: text/csv\r\n");
  EXPECT_THAT(rows.body, ::testing::StartsWith("code_0,code_1,code_2\n"));
  EXPECT_EQ(std::ranges::count(rows.body, '\n'), 4);
}

TEST_F(ServeTest, PicturesAreFilesToo) {
  if (!pictures_available()) {
    GTEST_SKIP() << "this build has no OpenCV";
  }
  const torch::Tensor bytes = (255 * pictures(1)).to(torch::kUInt8);
  const OpenRun run = opened("spots");
  const torch::NoGradGuard no_grad;
  const torch::Tensor expected = run.model().encode(bytes.to(torch::kFloat32) / 255);
  const std::string png = picture_bytes(bytes[0]);
  const std::string in_json =
      Json({{"examples", {base64(png), "data:image/png;base64," + base64(png)}}}).dump();
  for (const HttpAnswer& answer :
       {post("spots/encode", png, "Content-Type: image/png\r\n"), post("spots/encode", png),
        post("spots/encode", npy_bytes(bytes)), post("spots/encode", in_json)}) {
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_TRUE(torch::allclose(tensor_of(answer.json().at("codes"))[0], expected[0], 1e-3, 1e-4));
  }
  const std::string large = picture_bytes(torch::full({3, 90, 60}, 0.5));  // any size, any colour
  EXPECT_EQ(post("spots/encode", large).status, 200);
}

TEST_F(ServeTest, ReconstructionsComeWithCodesAndErrors) {
  const torch::Tensor examples = pictures(2);
  const Json answer = post("spots/reconstruct", npy_bytes(examples)).json();
  const torch::Tensor rebuilt = tensor_of(answer.at("reconstructions"));
  EXPECT_EQ(rebuilt.sizes(), examples.sizes());
  const torch::Tensor errors = (rebuilt - examples).square().flatten(1).mean(1);
  EXPECT_TRUE(torch::allclose(tensor_of(answer.at("errors")), errors, 1e-3, 1e-5));
  const Json decoded = post("spots/decode", answer.at("codes").dump()).json();
  EXPECT_TRUE(torch::allclose(tensor_of(decoded.at("examples")), rebuilt, 1e-3, 1e-4));
}

TEST_F(ServeTest, ReconstructionsAndMapsOfErrorsComeAsPictures) {
  if (!pictures_available()) {
    GTEST_SKIP() << "this build has no OpenCV";
  }
  const HttpAnswer picture = post("spots/reconstruct", npy_bytes(pictures(2)), "Accept: image/*\r\n");
  EXPECT_EQ(picture.headers.at("content-type"), "image/png");
  EXPECT_THAT(picture.body, ::testing::StartsWith("\x89PNG"));
  EXPECT_THAT(post("spots/score", npy_bytes(pictures(1)), "Accept: image/png\r\n").body,
              ::testing::StartsWith("\x89PNG"));
}

TEST_F(ServeTest, SamplesGoByTheirSeed) {
  const Json first = post("spots/sample?count=3&seed=7", "").json();
  const Json again = post("spots/sample", R"({"count": 3, "seed": 7})").json();
  EXPECT_EQ(first.at("codes"), again.at("codes"));
  EXPECT_EQ(first.at("samples").size(), 3);
  EXPECT_NE(post("spots/sample?seed=8", "").json().at("codes")[0], first.at("codes")[0]);
  EXPECT_EQ(post("points/sample", "").status, 404);  // it has no prior
  EXPECT_EQ(post("spots/sample?count=0", "").status, 422);
  EXPECT_EQ(post("spots/sample?temperature=x", "").status, 422);
}

TEST_F(ServeTest, ScoresGoByTheDetector) {
  const Json answer = post("spots/score?maps=true", npy_bytes(pictures(2))).json();
  EXPECT_EQ(answer.at("score"), "relative-error");
  EXPECT_EQ(tensor_of(answer.at("maps")).sizes(), torch::IntArrayRef({2, 1, 12, 12}));
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(answer.at("anomalies")[i], answer.at("scores")[i] >= answer.at("threshold"));
  }
  EXPECT_FALSE(post("spots/score", npy_bytes(pictures(2))).json().contains("maps"));
  EXPECT_THAT(post("spots/score", npy_bytes(pictures(1)), "Accept: text/csv\r\n").body,
              ::testing::StartsWith("score,verdict\n"));
  EXPECT_FALSE(post("points/score", "[[0.1,0.2]]").json().contains("threshold"));
}

TEST_F(ServeTest, RowsAreSentByColumnAndComeBackInTheirWords) {
  const std::string row = R"([{"size": 4.5, "colour": "red"}, [1.5, null, "blue"]])";
  const Json filled = post("table/impute", row).json().at("examples");
  EXPECT_EQ(filled[0].at("size"), 4.5);
  EXPECT_EQ(filled[0].at("colour"), "red");
  EXPECT_TRUE(filled[1].at("weight").is_number());
  const HttpAnswer csv =
      post("table/impute", "size,weight,colour\n4.5,,red\n", kCsvType + "Accept: text/csv\r\n");
  EXPECT_THAT(csv.body, ::testing::StartsWith("size,weight,colour\n4.50,"));
  const Json scored = post("table/score", R"({"size": 4, "weight": 8, "colour": "red"})").json();
  EXPECT_TRUE(scored.at("reasons")[0].is_string());
  EXPECT_EQ(post("table/sample?count=2", "").json().at("samples").size(), 2);
}

TEST_F(ServeTest, PicturesAreFilledWhereTheyHaveHoles) {
  torch::Tensor holed = pictures(2);
  holed[1][0][3].slice(0, 2, 8).fill_(std::numeric_limits<float>::quiet_NaN());
  const torch::Tensor filled = tensor_of(post("spots/impute", npy_bytes(holed)).json().at("examples"));
  EXPECT_TRUE(torch::allclose(filled[0], holed[0]));
  EXPECT_TRUE(filled.isfinite().all().item<bool>());
  std::string text = "[[";
  for (int64_t i = 0; i < 144; ++i) {
    text += i == 0 ? "null" : ",0.5";
  }
  EXPECT_EQ(post("spots/impute", text + "]]").status, 200);
  EXPECT_EQ(post("spots/encode", text + "]]").status, 422);
  EXPECT_EQ(post("spots/encode", npy_bytes(holed)).status, 422);
  EXPECT_EQ(post("points/impute", "[[0.1,null]]").status, 404);  // vectors that are no rows of a table
}

TEST_F(ServeTest, WrongRowsAreToldOf) {
  EXPECT_THAT(post("table/impute", R"([{"sise": 4}])").body, HasSubstr("did you mean 'size'?"));
  EXPECT_THAT(post("table/impute", "[[1, 2]]").body, HasSubstr("a row has 2 cells; there are 3 columns"));
  EXPECT_THAT(post("table/impute", R"([{"size": "large"}])").body, HasSubstr("is 'large', no number"));
  EXPECT_THAT(post("table/impute", R"([{"size": [1]}])").body, HasSubstr("a cell is [1]"));
  const HttpAnswer answer = post("table/impute", "size,weight\n1,2\n", kCsvType);
  EXPECT_EQ(answer.status, 422);
  EXPECT_THAT(answer.body, HasSubstr("the body"));
  EXPECT_THAT(answer.body, Not(HasSubstr("/proc")));
}

TEST_F(ServeTest, WindowsAreInTheUnitsOfTheirSeries) {
  const torch::Tensor window = 20 + 5 * torch::sin(torch::arange(24.F) / 4);
  const Json answer = post("waves/reconstruct", "[" + list_of(window) + "]").json();
  const torch::Tensor rebuilt = tensor_of(answer.at("reconstructions"));
  EXPECT_EQ(rebuilt.sizes(), torch::IntArrayRef({1, 1, 24}));
  EXPECT_NEAR(rebuilt.mean().item<float>(), 20, 10);  // not standardised: that would be about 0
  std::string steps = "value\n";
  for (int64_t i = 0; i < 24; ++i) {
    steps += fmt::format("{}\n", window[i].item<float>());
  }
  const Json from_csv = post("waves/reconstruct", steps, kCsvType).json();
  EXPECT_TRUE(torch::allclose(tensor_of(from_csv.at("reconstructions")), rebuilt, 1e-3, 1e-3));
  EXPECT_THAT(post("waves/reconstruct", "value\n1\n2\n", kCsvType).body,
              HasSubstr("24 of them are a window"));
  EXPECT_TRUE(post("waves/score", "[" + list_of(window) + "]").json().at("scores")[0].is_number());
}

void expect(const HttpAnswer& answer, int status, const std::string& text) {
  EXPECT_EQ(answer.status, status) << answer.body;
  EXPECT_EQ(answer.headers.at("content-type"), "application/problem+json");
  EXPECT_THAT(answer.json().at("detail").get<std::string>(), HasSubstr(text));
  EXPECT_EQ(answer.json().at("status"), status);
}

TEST_F(ServeTest, WrongPicturesAreToldOf) {
  if (!pictures_available()) {
    GTEST_SKIP() << "this build has no OpenCV";
  }
  expect(post("spots/encode", "no picture", "Content-Type: image/png\r\n"), 422, "no picture");
  expect(post("spots/encode", picture_bytes(torch::zeros({1, 20, 20})).substr(0, 60)), 422,
         "cannot be read as a picture");
  expect(post("points/encode", picture_bytes(torch::zeros({1, 20, 20}))), 415, "takes no pictures");
}

TEST_F(ServeTest, WrongNumbersAreToldOf) {
  expect(post("spots/encode", "[[1,2,3]]"), 422,
         "takes examples of 144 numbers (12x12); number 0 (from 0) of this list has 3");
  expect(post("spots/encode", "[]"), 422, "at least one");
  expect(post("spots/encode", ""), 422, "there is no body");
  expect(post("spots/encode", "[[1,2,"), 400, "no JSON");
  expect(post("spots/encode", npy_bytes(torch::zeros({2, 7}))), 422, "this array is 2 x 7 of float32");
  expect(post("spots/encode", npy_bytes(torch::full({1, 144}, NAN))), 422,
         "number 0 (from 0) of the examples has a number that is not finite");
  expect(post("spots/encode", npy_bytes(torch::zeros({144})).substr(0, 100)), 422, "the body");
  expect(post("spots/encode", npy_bytes(torch::zeros({5000, 144}))), 413, "4,096");
  expect(post("spots/encode", "<x/>", "Content-Type: text/xml\r\n"), 415, "text/xml");
  expect(post("spots/encode", "[[1]]", "Accept: text/html\r\n"), 406, "text/html");
  expect(post("spots/encode", R"(["no base64!"])"), 422, "no base64");
  expect(post("spots/decode", R"(["AAAA"])"), 422, "this list has texts");
  expect(post("spots/enc0de", "[]"), 404, "did you mean 'encode'?");
  expect(post("spods/encode", "[]"), 404, "did you mean 'spots'?");
  expect(post("points/impute", "[]"), 404, "cannot impute");
}

TEST_F(ServeTest, AHugePictureIsRefusedBeforeItIsDecoded) {
  if (!pictures_available()) {
    GTEST_SKIP() << "this build has no OpenCV";
  }
  std::string png = picture_bytes(torch::zeros({1, 8, 8}));
  png.replace(16, 8, std::string("\x00\x00\x27\x10\x00\x00\x27\x10", 8));  // 10,000 x 10,000
  const HttpAnswer answer = post("spots/encode", png);
  EXPECT_EQ(answer.status, 413);
  EXPECT_THAT(answer.body, HasSubstr("10000 x 10000 pixels"));
}

TEST_F(ServeTest, NothingOfTheFileSystemIsReached) {
  for (const char* path : {"/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd",
                           "/v1/models/..%2f..%2fetc/encode", "//etc/passwd"}) {
    EXPECT_EQ(ask(all().port(), "GET", path).status, 404) << path;
  }
}

TEST_F(ServeTest, PathsHaveTheirMethods) {
  EXPECT_EQ(ask(all().port(), "GET", "/healthz").json(), Json({{"status", "ok"}}));
  const HttpAnswer wrong = ask(all().port(), "DELETE", "/v1/models/spots/encode");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.headers.at("allow"), "POST, OPTIONS");
  EXPECT_EQ(ask(all().port(), "OPTIONS", "/v1/models/spots/encode").status, 204);
  EXPECT_EQ(ask(all().port(), "GET", "/nothing").status, 404);
}

TEST_F(ServeTest, TellsPrometheusAndTheLog) {
  post("spots/encode", npy_bytes(pictures(1)));
  all().wait_for("\"POST /v1/models/spots/encode\" 200");
  const std::string text = ask(all().port(), "GET", "/metrics").body;
  EXPECT_THAT(
      text, HasSubstr("autoencoder_requests_total{route=\"/v1/models/{name}/{operation}\",status=\"200\"}"));
  EXPECT_THAT(text, HasSubstr("autoencoder_models 4\n"));
  EXPECT_THAT(text, HasSubstr("process_resident_memory_bytes"));
}

TEST_F(ServeTest, DescribesItselfForPrograms) {
  const Json api = ask(all().port(), "GET", "/openapi.json").json();
  const Json& encode = api.at("paths").at("/v1/models/spots/encode").at("post");
  const Json& item =
      encode.at("requestBody").at("content").at("application/json").at("schema").at("anyOf")[0].at("items");
  EXPECT_EQ(item.at("items").at("items").at("maxItems"), 12);
  EXPECT_TRUE(api.at("paths").contains("/v1/models/table/impute"));
  EXPECT_FALSE(api.at("paths").contains("/v1/models/points/impute"));
}

TEST_F(ServeTest, DrawsMapsOfTheCodes) {
  const Json map = ask(all().port(), "GET", "/v1/models/spots/map?count=30").json();
  EXPECT_EQ(map.at("points").size(), 30);
  EXPECT_EQ(map.at("codes")[0].size(), 3);
  EXPECT_EQ(map.at("labels").size(), 30);
  EXPECT_EQ(map.contains("sheet"), pictures_available());
  if (pictures_available()) {
    EXPECT_EQ(map.at("sheet").at("columns"), 6);
  }
  EXPECT_EQ(ask(all().port(), "GET", "/v1/models/table/map?count=20").json().at("rows")[0].size(), 3);
  EXPECT_EQ(
      tensor_of(ask(all().port(), "GET", "/v1/models/points/map?count=20").json().at("examples")).size(0),
      20);
  EXPECT_EQ(ask(all().port(), "GET", "/v1/models/spots/map?method=code").status, 422);
  EXPECT_EQ(ask(all().port(), "GET", "/v1/models/spots/map?method=x").status, 422);
  EXPECT_EQ(ask(all().port(), "GET", "/v1/models/spots/map?count=1").status, 422);
}

TEST_F(ServeTest, ManyClientsGetTheirOwnAnswers) {
  const OpenRun run = opened("spots");
  std::vector<std::jthread> clients;
  std::atomic<int> wrong = 0;
  for (int client = 0; client < 16; ++client) {
    clients.emplace_back([&, client] {
      const torch::NoGradGuard no_grad;
      const torch::Tensor example = torch::full({1, 1, 12, 12}, 0.05F * static_cast<float>(client));
      const torch::Tensor expected = run.model().encode(example);
      HttpClient connection(all().port());
      for (int i = 0; i < 40; ++i) {
        const HttpAnswer answer =
            connection.ask("POST", "/v1/models/spots/encode", npy_bytes(example), kNpyType);
        const bool is_right = answer.status == 200 &&
                              torch::allclose(tensor_of(answer.json().at("codes")), expected, 1e-3, 1e-4);
        wrong += is_right ? 0 : 1;
      }
    });
  }
  clients.clear();
  EXPECT_EQ(wrong, 0);
}

// --- the Open Inference Protocol ---

TEST_F(ServeTest, SpeaksTheOpenInferenceProtocol) {
  const int port = all().port();
  EXPECT_EQ(ask(port, "GET", "/v2").json().at("extensions"), Json({"binary_tensor_data"}));
  EXPECT_EQ(ask(port, "GET", "/v2/health/ready").json().at("ready"), true);
  EXPECT_EQ(ask(port, "GET", "/v2/models/spots/ready").json().at("ready"), true);
  EXPECT_EQ(ask(port, "GET", "/v2/models/spots/versions/1").json().at("inputs")[0].at("shape"),
            Json({-1, 1, 12, 12}));
  const torch::Tensor examples = pictures(2);
  const Json data = Json::parse(list_of(examples));
  const Json request = {
      {"id", "7"},
      {"inputs", {{{"name", "input"}, {"shape", {2, 1, 12, 12}}, {"datatype", "FP32"}, {"data", data}}}},
      {"outputs", {{{"name", "code"}}, {{"name", "error"}}}}};
  const Json answer = ask(port, "POST", "/v2/models/spots/infer", request.dump()).json();
  EXPECT_EQ(answer.at("id"), "7");
  EXPECT_EQ(answer.at("model_name"), "spots");
  ASSERT_EQ(answer.at("outputs").size(), 2);
  EXPECT_EQ(answer.at("outputs")[0].at("shape"), Json({2, 3}));
  const OpenRun run = opened("spots");
  const torch::NoGradGuard no_grad;
  EXPECT_TRUE(torch::allclose(tensor_of(answer.at("outputs")[0].at("data")).view({2, 3}),
                              run.model().encode(examples), 1e-3, 1e-4));
}

TEST_F(ServeTest, TakesAndGivesBinaryTensors) {
  const torch::Tensor codes = torch::tensor({{0.5F, -1.0F, 2.0F}});
  const std::string json = Json({{"inputs",
                                  {{{"name", "code"},
                                    {"shape", {1, 3}},
                                    {"datatype", "FP32"},
                                    {"parameters", {{"binary_data_size", 12}}}}}},
                                 {"parameters", {{"binary_data_output", true}}}})
                               .dump();
  const std::string bytes(static_cast<const char*>(codes.const_data_ptr()), 12);
  const HttpAnswer answer = ask(all().port(), "POST", "/v2/models/spots/infer", json + bytes,
                                fmt::format("Inference-Header-Content-Length: {}\r\n", json.size()));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const size_t head = std::stoul(answer.headers.at("inference-header-content-length"));
  EXPECT_EQ(Json::parse(answer.body.substr(0, head)).at("outputs")[0].at("parameters").at("binary_data_size"),
            144 * sizeof(float));
  EXPECT_EQ(answer.body.size(), head + 144 * sizeof(float));
}

TEST_F(ServeTest, WrongInferencesAreToldInTheProtocolsWay) {
  const auto error = [&](const Json& request) {
    const HttpAnswer answer = ask(all().port(), "POST", "/v2/models/spots/infer", request.dump());
    EXPECT_EQ(answer.status / 100, 4) << answer.body;
    return answer.json().value("error", "");
  };
  const auto input = [](const Json& changed) {
    Json tensor = {
        {"name", "input"}, {"shape", {1, 144}}, {"datatype", "FP32"}, {"data", Json::array({1, 2})}};
    tensor.update(changed);
    return Json{{"inputs", {tensor}}};
  };
  EXPECT_THAT(error(Json::object()), HasSubstr("inputs"));
  EXPECT_THAT(error({{"inputs", Json::array()}}), HasSubstr("0 inputs"));
  EXPECT_THAT(error(input({{"name", "x"}})), HasSubstr("no input 'x'"));
  EXPECT_THAT(error(input({{"datatype", "BYTES"}})), HasSubstr("datatype BYTES"));
  EXPECT_THAT(error(input(Json::object())), HasSubstr("its data are 2"));
  EXPECT_THAT(error(input({{"shape", {-1, 144}}})), HasSubstr("sizes from 0"));
  EXPECT_THAT(error(input({{"shape", {2}}})), HasSubstr("takes examples of 144 numbers"));
  EXPECT_THAT(error(input({{"data", {"a"}}})), HasSubstr("no request of this protocol"));
  Json other = input({{"shape", {1, 1}}, {"data", {1}}});
  other["outputs"] = {{{"name", "score"}}, {{"name", "code"}}};
  EXPECT_THAT(error(other), HasSubstr("no output 'score' beside the others"));
}

// --- who may ask ---

TEST_F(ServeTest, AsksForItsToken) {
  write_file(folder_ / "token", "a long secret\n");
  ServeRequest request = request_of({"spots"});
  request.door.token_file = path("token");
  RunningService service(request);
  EXPECT_EQ(ask(service.port(), "GET", "/healthz").status, 200);
  EXPECT_EQ(ask(service.port(), "GET", "/").status, 200);
  const HttpAnswer refused = ask(service.port(), "GET", "/v1/models");
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.headers.at("www-authenticate"), "Bearer");
  EXPECT_EQ(ask(service.port(), "GET", "/v1/models", "", "Authorization: Bearer a long secre\r\n").status,
            401);
  EXPECT_EQ(ask(service.port(), "GET", "/v1/models", "", "Authorization: Basic a long secret\r\n").status,
            401);
  EXPECT_EQ(ask(service.port(), "GET", "/v1/models", "", "Authorization: Bearer a long secret\r\n").status,
            200);
}

TEST_F(ServeTest, PagesOfOthersMayCallWhereTheyAreNamed) {
  ServeRequest request = request_of({"spots"});
  request.door.origins = "https://example.org";
  RunningService service(request);
  const std::string body = npy_bytes(pictures(1));
  const auto from = [&](const std::string& origin) {
    return ask(service.port(), "POST", "/v1/models/spots/encode", body, "Origin: " + origin + "\r\n");
  };
  const HttpAnswer named = from("https://example.org");
  EXPECT_EQ(named.status, 200);
  EXPECT_EQ(named.headers.at("access-control-allow-origin"), "https://example.org");
  EXPECT_EQ(from("http://localhost").status, 200);  // its own page
  const HttpAnswer other = from("https://evil.example");
  EXPECT_EQ(other.status, 403);
  EXPECT_FALSE(other.headers.contains("access-control-allow-origin"));
  const HttpAnswer before =
      ask(service.port(), "OPTIONS", "/v1/models/spots/encode", "", "Origin: https://example.org\r\n");
  EXPECT_EQ(before.status, 204);
  EXPECT_THAT(before.headers.at("access-control-allow-headers"), HasSubstr("Authorization"));
}

// --- runs that change ---

TEST_F(ServeTest, ARunThatIsTrainedAnewIsServedAnewWithoutALostRequest) {
  fs::copy(run_path("spots"), path("changing"), fs::copy_options::recursive);
  ServeRequest request;
  request.runs = {path("changing")};
  request.quiet = true;
  RunningService service(request);
  const std::string body = npy_bytes(pictures(1));
  std::atomic<int> lost = 0;
  std::jthread client([&](const std::stop_token& is_done) {
    HttpClient connection(service.port());
    while (!is_done.stop_requested()) {
      lost += connection.ask("POST", "/v1/models/changing/encode", body).status == 200 ? 0 : 1;
    }
  });
  Log nobody;
  train_run(plan_training({{"config", path("changing") + "/config.json"},
                           {"out", path("changing")},
                           {"force", true},
                           {"latent-dim", 5}}),
            {.log = nobody});
  service.wait_for("changing: loaded again");
  for (int i = 0; i < 200 && ask(service.port(), "GET", "/v1/models/changing").json().at("latent_dim") != 5;
       ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  EXPECT_EQ(ask(service.port(), "GET", "/v1/models/changing").json().at("latent_dim"), 5);
  client.request_stop();
  client.join();
  EXPECT_EQ(lost, 0);
}

TEST_F(ServeTest, ARunThatIsRemovedIsToldOfUntilItIsBack) {
  fs::copy(run_path("spots"), path("leaving"), fs::copy_options::recursive);
  ServeRequest request = request_of({"points"});
  request.runs.push_back(path("leaving"));
  RunningService service(request);
  fs::rename(path("leaving"), path("elsewhere"));
  service.wait_for("leaving: its run is gone");
  const HttpAnswer gone = ask(service.port(), "POST", "/v1/models/leaving/encode", npy_bytes(pictures(1)));
  EXPECT_EQ(gone.status, 410);
  EXPECT_EQ(ask(service.port(), "GET", "/v1/models").json().at("models").size(), 1);
  EXPECT_EQ(ask(service.port(), "POST", "/v1/models/points/encode", "[[0.1,0.2]]").status, 200);
  fs::rename(path("elsewhere"), path("leaving"));
  service.wait_for("leaving: loaded again");
  EXPECT_EQ(ask(service.port(), "POST", "/v1/models/leaving/encode", npy_bytes(pictures(1))).status, 200);
}

TEST_F(ServeTest, ARunThatIsDamagedIsServedAsItWas) {
  fs::copy(run_path("spots"), path("damaged"), fs::copy_options::recursive);
  ServeRequest request;
  request.runs = {path("damaged")};
  RunningService service(request);
  for (const auto& file : fs::directory_iterator(path("damaged") + "/checkpoints")) {
    if (file.path().extension() == ".safetensors") {
      write_file(file.path(), "nothing");
    }
  }
  service.wait_for("it is served as it was");
  EXPECT_EQ(ask(service.port(), "POST", "/v1/models/damaged/encode", npy_bytes(pictures(1))).status, 200);
}

TEST_F(ServeTest, TellsWhatKeepsItFromServing) {
  const auto serve = [](const ServeRequest& request) {
    return error_of([&] {
      serve_runs(
          request, [](std::string_view, const Json&) {}, [] { return true; });
    });
  };
  ServeRequest none;
  none.runs = {path("none")};
  EXPECT_THAT(serve(none), HasSubstr("none"));
  fs::copy(run_path("spots"), path("spots"), fs::copy_options::recursive);
  ServeRequest twice = request_of({"spots"});
  twice.runs.push_back(path("spots"));
  EXPECT_THAT(serve(twice), HasSubstr("both runs are called spots"));
  write_file(folder_ / "token", "short\n");
  ServeRequest token = request_of({"spots"});
  token.door.token_file = path("token");
  EXPECT_THAT(serve(token), HasSubstr("at least 8 characters"));
  ServeRequest taken = request_of({"spots"});
  taken.door.port = all().port();
  EXPECT_THAT(serve(taken), HasSubstr("is taken by another program"));
  ServeRequest half = request_of({"spots"});
  half.door.certificate = "chain.pem";
  EXPECT_THAT(serve(half), HasSubstr("go together"));
}

TEST_F(ServeTest, StopsWhenItIsTold) {
  RunningService service(request_of({"points"}));
  HttpClient client(service.port());
  EXPECT_EQ(client.ask("GET", "/healthz").status, 200);
  service.stop();
  EXPECT_EQ(client.receive().status, 0);
  EXPECT_THAT(service.log(), HasSubstr("stopping"));
}

}  // namespace
}  // namespace autoencoder
