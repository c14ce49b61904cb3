/* Judges chains, revocation lists and OCSP responses under China's SM2 identity, with libcrypto alone.
 *
 *     libcrypto TIME ROOT ISSUING LEAF [LIST ...] [RESPONSE.der]
 *
 * Certificates and lists are PEM; lists switch revocation checking on for every certificate of the chain. Prints OK
 * or what is wrong; the exit status says the same. The `openssl` program cannot do this: it hands the identity to the
 * leaf alone, and has no way to give one for lists and responses.
 */
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char ID[] = "1234567812345678";

static int wrong(const char *what) {
    printf("%s\n", what);
    exit(1);
}

static BIO *file(const char *name) {
    BIO *bio = BIO_new_file(name, "rb");
    return bio ? bio : (wrong("cannot read a file"), NULL);
}

/* What makes libcrypto check the signature on this certificate under the identity. */
static X509 *with_id(X509 *certificate) {
    ASN1_OCTET_STRING *id = ASN1_OCTET_STRING_new();
    if (certificate == NULL || !ASN1_OCTET_STRING_set(id, (const unsigned char *)ID, strlen(ID)))
        wrong("no certificate");
    X509_set0_distinguishing_id(certificate, id);
    return certificate;
}

static X509 *certificate(const char *name) {
    return with_id(PEM_read_bio_X509(file(name), NULL, NULL, NULL));
}

/* The signature over `length` octets at `tbs`, with the identity. */
static int signed_by(X509 *signer, const unsigned char *tbs, int length, const ASN1_BIT_STRING *signature) {
    EVP_PKEY *key = X509_get0_pubkey(signer);
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
    EVP_MD_CTX_set_pkey_ctx(digest, context);
    return length > 0 && EVP_PKEY_CTX_set1_id(context, ID, strlen(ID)) == 1 &&
           EVP_DigestVerifyInit(digest, NULL, EVP_sm3(), NULL, key) == 1 &&
           EVP_DigestVerify(digest, signature->data, signature->length, tbs, length) == 1;
}

/* libcrypto finds the list and judges it; only its signature, checked under an empty identity, is checked again. */
static int list_signature(int good, X509_STORE_CTX *context) {
    if (good || X509_STORE_CTX_get_error(context) != X509_V_ERR_CRL_SIGNATURE_FAILURE)
        return good;
    X509_CRL *list = X509_STORE_CTX_get0_current_crl(context);
    X509 *issuer = X509_STORE_CTX_get0_current_issuer(context);
    const ASN1_BIT_STRING *signature;
    unsigned char *tbs = NULL;
    X509_CRL_get0_signature(list, &signature, NULL);
    if (issuer == NULL || !signed_by(issuer, tbs, i2d_re_X509_CRL_tbs(list, &tbs), signature))
        return 0;
    X509_STORE_CTX_set_error(context, X509_V_OK);
    return 1;
}

/* Who signed, was it allowed to, and what does it say about the leaf? */
static void judge_response(const char *name, X509_STORE *store, X509 *issuing, X509 *leaf) {
    OCSP_RESPONSE *response = d2i_OCSP_RESPONSE_bio(file(name), NULL);
    OCSP_BASICRESP *basic = response ? OCSP_response_get1_basic(response) : NULL;
    if (basic == NULL)
        wrong("no response");
    const STACK_OF(X509) *sent = OCSP_resp_get0_certs(basic);
    for (int i = 0; i < sk_X509_num(sent); i++)
        with_id(sk_X509_value(sent, i));
    STACK_OF(X509) *others = sk_X509_new_null();
    sk_X509_push(others, issuing);
    X509 *signer;
    if (!OCSP_resp_get0_signer(basic, &signer, others))
        wrong("response: no signer");
    unsigned char *tbs = NULL;
    int length = i2d_OCSP_RESPDATA((OCSP_RESPDATA *)OCSP_resp_get0_respdata(basic), &tbs);
    if (!signed_by(signer, tbs, length, OCSP_resp_get0_signature(basic)))
        wrong("response: bad signature");
    if (OCSP_basic_verify(basic, others, store, OCSP_NOSIGS) != 1)
        wrong("response: signer not authorised");
    int status, reason = -1;
    OCSP_CERTID *id = OCSP_cert_to_id(EVP_sm3(), leaf, issuing);
    if (!OCSP_resp_find_status(basic, id, &status, &reason, NULL, NULL, NULL))
        wrong("response: another certificate");
    printf("response: %s %d\n", OCSP_cert_status_str(status), reason);
}

int main(int count, char **words) {
    if (count < 5)
        return wrong("too few words");
    X509 *issuing = certificate(words[3]), *leaf = certificate(words[4]);
    X509_STORE *store = X509_STORE_new();
    X509_STORE_add_cert(store, certificate(words[2]));
    X509_VERIFY_PARAM *how = X509_STORE_get0_param(store);
    X509_VERIFY_PARAM_set_time(how, atoll(words[1]));
    X509_VERIFY_PARAM_set_flags(how, X509_V_FLAG_X509_STRICT);
    STACK_OF(X509) *others = sk_X509_new_null();
    sk_X509_push(others, issuing);
    const char *response = NULL;
    unsigned long flags = 0;
    STACK_OF(X509_CRL) *lists = sk_X509_CRL_new_null();
    for (int i = 5; i < count; i++) {
        if (strstr(words[i], ".der")) {
            response = words[i];
            continue;
        }
        flags = X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL | X509_V_FLAG_EXTENDED_CRL_SUPPORT;
        flags |= X509_V_FLAG_USE_DELTAS;
        sk_X509_CRL_push(lists, PEM_read_bio_X509_CRL(file(words[i]), NULL, NULL, NULL));
    }
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    X509_STORE_CTX_init(context, store, leaf, others);
    X509_STORE_CTX_set0_crls(context, lists);
    X509_STORE_CTX_set_flags(context, flags);
    X509_STORE_CTX_set_verify_cb(context, list_signature);
    if (X509_verify_cert(context) != 1)
        wrong(X509_verify_cert_error_string(X509_STORE_CTX_get_error(context)));
    if (response != NULL)
        judge_response(response, store, issuing, leaf);
    printf("OK\n");
    return 0;
}
