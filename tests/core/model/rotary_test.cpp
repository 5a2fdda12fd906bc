// Frequencies, slopes and buckets beside those that transformers 5.23.0 gives: inv_freq and
// attention_scaling of LlamaRotaryEmbedding, build_alibi_tensor of BLOOM and
// _relative_position_bucket of T5.
#include "core/model/rotary.h"

#include <doctest/doctest.h>

#include <cmath>

#include "core/model/blocks.h"
#include "core/model/decoder_head.h"
#include "core/model/weight_source.h"
#include "tests/support/close.h"
#include "tests/support/refusal.h"

namespace heed::test {
namespace {

struct Turns {
    const char* claim;
    const char* fields;  // of config.json
    int d_head;
    int length;
    std::vector<double> frequencies;
    double scale = 1;
};

// The usual waves: 10000^(-2 i / 16).
const std::vector<Turns> kTurns = {
    {"nothing said", "", 8, 6, {1, 0.1, 0.01, 0.001}},
    {"an older file's base",
     R"(, "rope_theta": 500)",
     8,
     6,
     {1, 0.211474240, 0.0447213612, 0.00945741590}},
    {"a newer file's base",
     R"(, "rope_parameters": {"rope_type": "default", "rope_theta": 500})",
     8,
     6,
     {1, 0.211474240, 0.0447213612, 0.00945741590}},
    {"linear, in an older file",
     R"(, "rope_theta": 500,
      "rope_scaling": {"type": "linear", "factor": 4.0})",
     8,
     6,
     {0.25, 0.05286856, 0.0111803403, 0.00236435398}},
    {"linear, in a newer file",
     R"(, "rope_parameters": {"rope_type": "linear", "factor": 4.0, "rope_theta": 500.0})",
     8,
     6,
     {0.25, 0.05286856, 0.0111803403, 0.00236435398}},
    {"dynamic, no longer than trained on",
     R"(, "rope_scaling": {"type": "dynamic", "factor": 2.0})",
     8,
     64,
     {1, 0.1, 0.01, 0.001}},
    {"dynamic, longer",
     R"(, "rope_parameters": {"rope_type": "dynamic", "factor": 2.0, "rope_theta": 10000})",
     8,
     100,
     {1, 0.0777822211, 0.00605007401, 0.000470588246}},
    {"llama3",
     R"(, "rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
      "high_freq_factor": 4.0, "original_max_position_embeddings": 512})",
     16,
     6,
     {1, 0.316227764, 0.1, 0.0184966773, 0.00125, 0.000395284733, 0.000125, 3.95284733e-05}},
    {"yarn",
     R"(, "rope_scaling": {"type": "yarn", "factor": 4.0,
      "original_max_position_embeddings": 2048})",
     16,
     6,
     {1, 0.316227764, 0.1, 0.025693506, 0.00625, 0.00138349656, 0.00025, 7.90569466e-05},
     1.138629436111989},
    {"yarn with every option",
     R"(, "rope_parameters": {"rope_type": "yarn", "rope_theta": 10000.0, "factor": 40.0,
      "beta_fast": 16.0, "beta_slow": 2.0, "mscale": 1.0, "mscale_all_dim": 0.8,
      "truncate": false, "original_max_position_embeddings": 2048})",
     16,
     6,
     {1, 0.316227764, 0.1, 0.0251029134, 0.00254010479, 7.90569466e-05, 2.5e-05, 7.90569447e-06},
     1.0569662567531275},
    {"yarn whose factor follows from the positions",
     R"(, "max_position_embeddings": 6144, "rope_parameters": {"rope_type": "yarn",
      "rope_theta": 10000.0, "factor": null, "original_max_position_embeddings": 2048})",
     16,
     6,
     {1, 0.316227764, 0.1, 0.0263523143, 0.00666666683, 0.00158113893, 0.00033333333,
      0.000105409257},
     1.109861228866811},
    {"yarn with its own factor of attention",
     R"(, "rope_scaling": {"type": "yarn", "factor": 4.0, "attention_factor": 1.5,
      "original_max_position_embeddings": 2048})",
     16,
     6,
     {1, 0.316227764, 0.1, 0.025693506, 0.00625, 0.00138349656, 0.00025, 7.90569466e-05},
     1.5},
    {"a share of the columns that the class does not read",
     R"(, "partial_rotary_factor": 0.5,
      "rope_parameters": {"rope_type": "default", "partial_rotary_factor": 0.25})",
     8,
     6,
     {1, 0.1, 0.01, 0.001}},
    {"an older file's scaling stands for all of the newer's",
     R"(, "rope_theta": 500, "rope_scaling": {"type": "linear", "factor": 4.0},
      "rope_parameters": {"rope_type": "yarn", "rope_theta": 10, "factor": 8.0})",
     8,
     6,
     {0.25, 0.05286856, 0.0111803403, 0.00236435398}},
    {"an older file's scaling that says nothing",
     R"(, "rope_scaling": {}, "rope_parameters": {"rope_type": "default", "rope_theta": 500})",
     8,
     6,
     {1, 0.211474240, 0.0447213612, 0.00945741590}},
};

ModelConfig config_with(const std::string& fields) {
    const bool has_positions = fields.find(R"("max_position_embeddings": )") != std::string::npos;
    const std::string positions = has_positions ? "" : R"(, "max_position_embeddings": 64)";
    return parse_config(R"({"model_type": "llama")" + positions + fields + "}", "config.json");
}

TEST_SUITE_BEGIN("core/model/rotary");

TEST_CASE("positions turn as each way of saying it in a config has it") {
    for (const Turns& turns : kTurns) {
        CAPTURE(turns.claim);
        const RotaryRule rule =
            RotaryConfig(config_with(turns.fields), {}).rule(turns.d_head, turns.length);
        CHECK(std::abs(rule.scale - turns.scale) < 1e-9);
        REQUIRE(rule.frequencies.size() == turns.frequencies.size());
        for (std::size_t i = 0; i < turns.frequencies.size(); ++i) {
            CAPTURE(i);
            const double want = turns.frequencies[i];
            // The constants were rounded to float32 several times on their way.
            CHECK(std::abs(rule.frequencies[i] - want) <= 4e-7 * want);
        }
    }
}

TEST_CASE("a part of the columns turns where the class reads how many") {
    RotaryDefaults defaults;
    defaults.share_key = "rotary_pct";
    const auto columns = [&defaults](const char* fields) {
        return 2 * RotaryConfig(config_with(fields), defaults).rule(16, 6).frequencies.size();
    };
    CHECK(columns("") == 16);
    CHECK(columns(R"(, "rotary_pct": 0.5)") == 8);
    CHECK(columns(R"(, "partial_rotary_factor": 0.5)") == 16);
    CHECK(columns(R"(, "rope_parameters": {"rope_type": "default",
        "partial_rotary_factor": 0.25})") == 4);
    CHECK(find_flaw(message_of([] {
                        RotaryConfig(config_with(R"(, "partial_rotary_factor": 0.5,
                            "rope_scaling": {"type": "linear", "factor": 2})"),
                                     {});
                    }),
                    {"partial_rotary_factor", "whole heads", "0.5"}) == "");
}

TEST_CASE("what scales one kind of layer is laid over what else is said of it") {
    const char* both = R"(, "rope_scaling": {"rope_type": "linear", "factor": 8.0},
        "rope_parameters": {"full_attention": {"rope_type": "default", "rope_theta": 500.0},
                            "sliding_attention": {"rope_type": "default"}})";
    const RotaryRule far = RotaryConfig(config_with(both), {}, "full_attention").rule(8, 4);
    CHECK(far.frequencies[0] == 0.125);
    CHECK(std::abs(far.frequencies[1] - 0.21147424 / 8) < 1e-7);
    CHECK(RotaryConfig(config_with(both), {}, "sliding_attention").rule(8, 4).frequencies[0] == 1);
}

TEST_CASE("each kind of layer has its own base") {
    const char* fields = R"(, "rope_theta": 1000000.0, "rope_local_base_freq": 500.0,
        "rope_scaling": {"rope_type": "linear", "factor": 8.0})";
    const RotaryConfig far(config_with(fields), {}, "full_attention");
    const RotaryConfig near(config_with(fields), {}, "sliding_attention", "rope_local_base_freq");
    CHECK(far.rule(8, 4).frequencies[0] == 0.125);
    CHECK(near.rule(8, 4).frequencies[0] == 1);
    CHECK(std::abs(near.rule(8, 4).frequencies[1] - 0.21147424) < 1e-7);
    const char* newer = R"(, "rope_parameters": {
        "full_attention": {"rope_type": "linear", "factor": 8.0, "rope_theta": 1000000.0},
        "sliding_attention": {"rope_type": "default", "rope_theta": 500.0}})";
    CHECK(RotaryConfig(config_with(newer), {}, "full_attention").rule(8, 4) == far.rule(8, 4));
    CHECK(RotaryConfig(config_with(newer), {}, "sliding_attention").rule(8, 4) == near.rule(8, 4));
}

TEST_CASE("a scaling that heed does not have is refused by name") {
    const auto refuse = [](const char* fields) {
        return message_of([fields] { RotaryConfig(config_with(fields), {}); });
    };
    CHECK(find_flaw(refuse(R"(, "rope_scaling": {"type": "longrope", "factor": 2.0})"),
                    {"rope_scaling", "type", "yarn", "longrope"}) == "");
    CHECK(find_flaw(refuse(R"(, "rope_parameters": {"rope_type": "proportional"})"),
                    {"rope_parameters", "rope_type", "llama3", "proportional"}) == "");
    CHECK(find_flaw(refuse(R"(, "rope_theta": 0)"), {"rope_theta", "a number above 0"}) == "");
    CHECK(find_flaw(refuse(R"(, "rope_scaling": {"type": "linear", "factor": -2})"),
                    {"factor", "a number above 0", "-2"}) == "");
}

TEST_CASE("slopes fall by powers of two; heads beyond a power of two stand between") {
    using Slopes = std::vector<float>;
    CHECK(alibi_slopes(1) == Slopes{0.00390625F});
    CHECK(alibi_slopes(6) == Slopes{0.25F, 0.0625F, 0.015625F, 0.00390625F, 0.5F, 0.125F});
    CHECK(alibi_slopes(8) ==
          Slopes{0.5F, 0.25F, 0.125F, 0.0625F, 0.03125F, 0.015625F, 0.0078125F, 0.00390625F});
    // Transformers takes powers of a base that was rounded to float32.
    const Slopes twelve = {0.5F,        0.25F,       0.125F,      0.0625F,
                           0.03125F,    0.015625F,   0.0078125F,  0.00390625F,
                           0.70710677F, 0.35355338F, 0.17677668F, 0.08838834F};
    CHECK(find_difference(alibi_slopes(12), twelve, kRounding) == "");
}

TEST_CASE("distances fall into the buckets of T5") {
    // Where each bucket begins, from key 200 after the query to key 200 before it.
    struct Buckets {
        BucketRule rule;
        std::vector<std::pair<int, int>> begins;
    };
    const Buckets tables[] = {
        {{32, 128, true},
         {{-200, 31}, {-90, 30}, {-63, 29}, {-45, 28}, {-31, 27}, {-22, 26}, {-15, 25}, {-11, 24},
          {-7, 23},   {-6, 22},  {-5, 21},  {-4, 20},  {-3, 19},  {-2, 18},  {-1, 17},  {0, 0},
          {1, 1},     {2, 2},    {3, 3},    {4, 4},    {5, 5},    {6, 6},    {7, 7},    {8, 8},
          {12, 9},    {16, 10},  {23, 11},  {32, 12},  {46, 13},  {64, 14},  {91, 15}}},
        {{32, 128, false},
         {{-200, 0}, {1, 1},   {2, 2},   {3, 3},   {4, 4},   {5, 5},   {6, 6},   {7, 7},
          {8, 8},    {9, 9},   {10, 10}, {11, 11}, {12, 12}, {13, 13}, {14, 14}, {15, 15},
          {16, 16},  {19, 17}, {21, 18}, {24, 19}, {27, 20}, {31, 21}, {35, 22}, {40, 23},
          {46, 24},  {52, 25}, {59, 26}, {67, 27}, {77, 28}, {87, 29}, {99, 30}, {113, 31}}},
        {{8, 20, true}, {{-200, 7}, {-6, 6}, {-1, 5}, {0, 0}, {1, 1}, {2, 2}, {7, 3}}},
        {{6, 50, false}, {{-200, 0}, {1, 1}, {2, 2}, {3, 3}, {8, 4}, {20, 5}}},
    };
    for (const Buckets& table : tables) {
        CAPTURE(table.rule.buckets);
        int want = 0;
        for (int distance = -200; distance <= 200; ++distance) {
            for (const auto& [begin, bucket] : table.begins) {
                if (begin <= distance) want = bucket;
            }
            CAPTURE(distance);
            CHECK(table.rule.bucket(300, 300 - distance) == want);
        }
    }
}

TEST_CASE("a sequence classifier looks at the last token that is no padding") {
    const auto last = [](const std::string& fields, const std::vector<int>& ids, int usual = -1) {
        const ModelConfig config = parse_config(
            R"({"model_type": "llama", "architectures": ["LlamaForSequenceClassification"])" +
                fields + "}",
            "config.json");
        const WeightSource weights;
        DecoderHeadSpec spec;
        spec.class_prefix = "Llama";
        spec.language_classes = {"ForCausalLM"};
        spec.pad = usual;
        return DecoderHead(config, weights, spec).derived_ids(ids);
    };
    using Ids = std::vector<int>;
    const std::string pad = R"(, "pad_token_id": 2)";
    CHECK(last(pad, {5, 6, 7}) == Ids{2});
    CHECK(last(pad, {5, 6, 2, 2}) == Ids{1});
    CHECK(last(pad, {5, 2, 6}) == Ids{2});
    CHECK(last(pad, {2, 2, 6, 2}) == Ids{2});
    CHECK(last(pad, {2, 2}) == Ids{0});
    CHECK(last("", {5, 2, 2}) == Ids{2});
    CHECK(last(R"(, "pad_token_id": null)", {5, 2, 2}) == Ids{2});
    CHECK(last(R"(, "pad_token_id": -1)", {5, 2, 2}) == Ids{2});
    // What the class has where the config says nothing; null says that there is none.
    CHECK(last("", {5, 2, 2}, 2) == Ids{0});
    CHECK(last(R"(, "pad_token_id": null)", {5, 2, 2}, 2) == Ids{2});
}

TEST_SUITE_END();

}  // namespace
}  // namespace heed::test
