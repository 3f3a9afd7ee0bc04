#pragma once
// libcurl, and its functions with variable arguments, which Swift cannot call, for each type that an
// option or an answer can have.

#include <curl/curl.h>
#include <stdbool.h>

// Values that are enumerations in some versions and macros in others, which Swift imports differently.
static const long vignette_curl_http_1_1 = CURL_HTTP_VERSION_1_1;
static const long vignette_curl_tls_1_2 = CURL_SSLVERSION_TLSv1_2;
static const long vignette_curl_proxy_http = CURLPROXY_HTTP;
static const long vignette_curl_proxy_https = CURLPROXY_HTTPS;
static const long vignette_curl_proxy_socks = CURLPROXY_SOCKS5_HOSTNAME;

typedef size_t (*vignette_curl_sink)(char *bytes, size_t size, size_t count, void *context);

static inline bool vignette_curl_set_number(void *easy, CURLoption option, long value) {
    return curl_easy_setopt((CURL *)easy, option, value) == CURLE_OK;
}

/// libcurl copies the text.
static inline bool vignette_curl_set_text(void *easy, CURLoption option, const char *value) {
    return curl_easy_setopt((CURL *)easy, option, value) == CURLE_OK;
}

/// `value` must stay until another is set, or the handle is reset.
static inline bool vignette_curl_set_pointer(void *easy, CURLoption option, void *value) {
    return curl_easy_setopt((CURL *)easy, option, value) == CURLE_OK;
}

static inline bool vignette_curl_set_sink(void *easy, CURLoption option, vignette_curl_sink value) {
    return curl_easy_setopt((CURL *)easy, option, value) == CURLE_OK;
}

static inline long vignette_curl_get_number(void *easy, CURLINFO what) {
    long value = 0;
    return curl_easy_getinfo((CURL *)easy, what, &value) == CURLE_OK ? value : 0;
}

/// How the one transfer of a multi handle ended: true and libcurl's code once it has.
static inline bool vignette_curl_take_ending(void *multi, CURLcode *code) {
    int left = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read((CURLM *)multi, &left))) {
        if (message->msg != CURLMSG_DONE) continue;
        *code = message->data.result;
        return true;
    }
    return false;
}
